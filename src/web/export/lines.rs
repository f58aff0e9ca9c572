//! Lines of text as a download, without keeping them.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use actix_web::{HttpResponse, web::Bytes};
use futures_util::stream;
use tokio::{
    runtime::Handle,
    sync::mpsc,
    task::spawn_blocking,
    time::{Instant, timeout_at},
};

use super::{
    Place, attachment,
    serve::{CHUNK, ExportAborted, LONGEST, STALLED, WAITING, received},
};
use crate::store;

/// Where lines go.
pub struct Lines {
    waiting: Vec<u8>,
    chunks: mpsc::Sender<Bytes>,
    until: Instant,
    gone: bool,
}

impl Lines {
    /// Hands on a line, without its end; whether another is wanted.
    pub async fn line(&mut self, line: &[u8]) -> bool {
        self.waiting.extend_from_slice(line);
        self.waiting.push(b'\n');
        self.waiting.len() < CHUNK || self.flush().await
    }

    async fn flush(&mut self) -> bool {
        let until = self.until.min(Instant::now() + STALLED);
        let sent = timeout_at(until, self.chunks.send(std::mem::take(&mut self.waiting).into())).await;
        self.gone = !matches!(sent, Ok(Ok(())));
        !self.gone
    }
}

/// The answer to `HEAD`: what the headers of the download are.
pub fn lines_head(media_type: &str, file_name: &str) -> HttpResponse {
    attachment(media_type, file_name).streaming(stream::empty::<Result<Bytes, ExportAborted>>())
}

/// Hands lines to the browser while `write` writes them, on a thread where no page waits behind it. Once the browser is
/// gone nothing is read any more; a download that cannot be finished breaks off visibly.
pub fn answer_lines(
    place: Place,
    media_type: &str,
    file_name: &str,
    write: impl AsyncFnOnce(&mut Lines) -> Result<(), store::Error> + Send + 'static,
) -> HttpResponse {
    let (chunks, waiting) = mpsc::channel(WAITING);
    let whole = Arc::<AtomicBool>::default();
    let (here, is_whole) = (Handle::current(), Arc::clone(&whole));
    let span = tracing::Span::current();
    spawn_blocking(move || {
        let _entered = span.enter();
        here.block_on(async {
            let mut lines =
                Lines { waiting: Vec::with_capacity(CHUNK), chunks, until: Instant::now() + LONGEST, gone: false };
            let written = write(&mut lines).await;
            if let Err(error) = &written {
                tracing::error!(error = %crate::telemetry::chain(error), "export failed, download cut off");
            }
            if written.is_ok() && !lines.gone && lines.flush().await {
                whole.store(true, Ordering::Release);
            }
        });
        drop(place);
    });
    attachment(media_type, file_name).streaming(received(waiting, is_whole))
}
