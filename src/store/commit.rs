//! How a business write ends.

use super::{Error, WriteTx, audit, counts};
use crate::domain::audit::Event;

impl WriteTx {
    /// Writes the counts, and the events to the log, and commits. The only way to keep what was written.
    pub async fn commit(mut self, event: Event) -> Result<(), Error> {
        self.record(event);
        counts::write(&mut self).await?;
        let events = self.take_events();
        audit::append(&mut self, events).await?;
        self.end().await
    }
}
