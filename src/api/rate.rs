//! Limits how many requests a client may make in a minute. The window is fixed: a client that is refused is told when the
//! whole limit is available again. Each process of the portal counts its own requests.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// How often the same request, known by its id, may come and count once: clients retry what failed.
const FREE_RETRIES: u32 = 5;

/// The count of every client.
#[derive(Debug)]
pub struct RateLimit {
    per_minute: u32,
    minutes: Mutex<HashMap<Uuid, Minute>>,
}

/// The requests of a client in its current minute.
#[derive(Debug)]
struct Minute {
    began: DateTime<Utc>,
    counted: u32,
    seen: HashMap<Uuid, u32>,
}

impl RateLimit {
    /// At most so many requests of each client in a minute; 0 is no limit.
    pub fn new(per_minute: u32) -> Self {
        Self { per_minute, minutes: Mutex::default() }
    }

    /// Counts a request.
    ///
    /// # Errors
    ///
    /// In how many seconds the next one is taken, where this one is too many.
    pub fn count(&self, client: Uuid, request_id: Uuid, now: DateTime<Utc>) -> Result<(), u32> {
        if self.per_minute == 0 {
            return Ok(());
        }
        let mut minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = || Minute { began: now, counted: 0, seen: HashMap::new() };
        let minute = minutes.entry(client).or_insert_with(fresh);
        let passed = now - minute.began;
        if passed >= TimeDelta::minutes(1) || passed < TimeDelta::zero() {
            *minute = fresh();
        }
        let times = minute.seen.get(&request_id).copied().unwrap_or_default();
        if !(1..FREE_RETRIES).contains(&times) {
            if minute.counted >= self.per_minute {
                let left = minute.began + TimeDelta::minutes(1) - now;
                return Err(u32::try_from(left.num_seconds()).expect("at most a minute is left") + 1);
            }
            minute.counted += 1;
        }
        minute.seen.insert(request_id, times % FREE_RETRIES + 1);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Uuid = Uuid::from_u128(1);

    fn ids() -> impl Iterator<Item = Uuid> {
        (10..).map(Uuid::from_u128)
    }

    #[test]
    fn what_is_too_many_is_told_when_the_next_is_taken() {
        let (limit, now) = (RateLimit::new(3), DateTime::UNIX_EPOCH);
        for id in ids().take(3) {
            assert_eq!(limit.count(ONE, id, now), Ok(()));
        }
        let later = now + TimeDelta::seconds(20);
        assert_eq!(limit.count(ONE, Uuid::nil(), later), Err(41));
        assert_eq!(limit.count(Uuid::from_u128(2), Uuid::nil(), later), Ok(()), "each client by itself");
        assert_eq!(limit.count(ONE, Uuid::nil(), now + TimeDelta::minutes(1)), Ok(()));
    }

    #[test]
    fn the_echoes_of_a_request_count_once() {
        let (limit, now) = (RateLimit::new(2), DateTime::UNIX_EPOCH);
        for _ in 0..10 {
            assert_eq!(limit.count(ONE, Uuid::nil(), now), Ok(()));
        }
        assert!(limit.count(ONE, Uuid::nil(), now).is_err(), "no more than five of them");
        assert!(limit.count(ONE, Uuid::max(), now).is_err());
    }

    #[test]
    fn zero_is_no_limit() {
        let limit = RateLimit::new(0);
        assert!(ids().take(10_000).all(|id| limit.count(ONE, id, DateTime::UNIX_EPOCH).is_ok()));
    }
}
