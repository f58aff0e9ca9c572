//! How long each test takes, for the list of the slowest: lines “SECONDS NAME” in the file that
//! `COUNTERSIGN_TEST_DURATIONS` names.

use std::{fs::OpenOptions, io::Write as _, thread, time::Instant};

/// A test, from its first portal or program to the end of its thread.
struct Running {
    test: Option<String>,
    since: Instant,
}

thread_local! {
    static RUNNING: Running = Running { test: thread::current().name().map(str::to_owned), since: Instant::now() };
}

/// Notes that the test of this thread has begun, unless that is noted already.
pub fn begin() {
    RUNNING.with(|_| ());
}

impl Drop for Running {
    fn drop(&mut self) {
        let (Some(path), Some(test)) = (std::env::var_os("COUNTERSIGN_TEST_DURATIONS"), &self.test) else { return };
        let line = format!("{:.1} {test}\n", self.since.elapsed().as_secs_f64());
        // A list that lacks a test is better than a test that fails for the list.
        if let Ok(mut file) = OpenOptions::new().create(true).append(true).open(path) {
            let _ = file.write_all(line.as_bytes());
        }
    }
}
