//! From rows to a download, without keeping them.

use std::{
    io::{Read as _, Seek as _},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::{StatusCode, header},
    web::Bytes,
};
use futures_util::stream;
use rust_xlsxwriter::XlsxError;
use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
    task::spawn_blocking,
    time::{Instant, timeout_at},
};
use tracing::{Instrument as _, Span};

use super::{Csv, Document, Format, MAX_ROWS, Xlsx};
use crate::{store, web::error::Error};

/// Bytes that are handed on at once.
pub(super) const CHUNK: usize = 64 * 1024;
/// Chunks that wait for the browser.
pub(super) const WAITING: usize = 2;
/// How long a browser may take no chunk before the rest is given up. The database ends a reader that idles for longer
/// than a minute.
pub(super) const STALLED: Duration = Duration::from_secs(30);
/// How long one export may hold its moment of the database.
pub(super) const LONGEST: Duration = Duration::from_mins(10);

/// How many exports may be written at once: each holds a connection for as long as it reads.
#[derive(Clone)]
pub struct Exports(Arc<Semaphore>);

impl Exports {
    /// So many that pages always have a connection left, and no more than two.
    pub fn beside(connections: usize) -> Self {
        Self(Arc::new(Semaphore::new(connections.saturating_sub(1).clamp(1, 2))))
    }

    /// A place among those that are written now.
    ///
    /// # Errors
    ///
    /// [`Error::ExportsBusy`] when there is none.
    pub fn begin(&self) -> Result<Place, Error> {
        Arc::clone(&self.0).try_acquire_owned().map(|permit| Place { _permit: permit }).map_err(|_| Error::ExportsBusy)
    }
}

/// A place among the exports that are written at once, until it is dropped.
pub struct Place {
    _permit: OwnedSemaphorePermit,
}

/// What gives the rows of a file.
pub trait Rows: Send + 'static {
    /// Hands on each row in turn, until there are no more or nobody wants any.
    fn write(self, out: &mut RowSink) -> impl Future<Output = Result<(), store::Error>>;
}

/// Where rows go.
pub struct RowSink(To);

enum To {
    Csv { csv: Csv, chunks: mpsc::Sender<Bytes>, until: Instant, gone: bool },
    Xlsx { xlsx: Box<Xlsx>, gone: Arc<AtomicBool>, failed: Option<XlsxError> },
}

impl RowSink {
    /// Hands on a row; whether another is wanted.
    pub async fn row(&mut self, cells: &[super::Cell]) -> bool {
        match &mut self.0 {
            To::Csv { csv, .. } => {
                csv.row(cells);
                csv.waiting() < CHUNK || self.flush().await
            }
            To::Xlsx { xlsx, gone, failed } => {
                *failed = xlsx.row(cells).err();
                failed.is_none() && !gone.load(Ordering::Relaxed)
            }
        }
    }

    async fn flush(&mut self) -> bool {
        let To::Csv { csv, chunks, until, gone } = &mut self.0 else { return true };
        let until = (*until).min(Instant::now() + STALLED);
        let sent = timeout_at(until, chunks.send(csv.take().into())).await;
        *gone = !matches!(sent, Ok(Ok(())));
        !*gone
    }
}

/// A download that ends before its end, so that the browser does not take it for whole.
#[derive(Debug, thiserror::Error)]
#[error("an export was cut off")]
pub(super) struct ExportAborted;

/// The answer to `HEAD`: what the headers of the download are.
pub fn head(document: &Document) -> HttpResponse {
    attachment(document.format.media_type(), &document.file_name())
        .streaming(stream::empty::<Result<Bytes, ExportAborted>>())
}

/// An answer that a browser saves under a name.
pub fn attachment(media_type: &str, file_name: &str) -> HttpResponseBuilder {
    let mut answer = HttpResponse::build(StatusCode::OK);
    answer
        .insert_header((header::CONTENT_TYPE, media_type))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{file_name}\"")));
    answer
}

/// Writes a file and hands it to the browser: CSV while it is read, a workbook when it is whole. Once the browser is
/// gone nothing is read any more.
///
/// # Errors
///
/// [`Error::TooManyRows`] for a workbook that cannot hold them; the database's while a workbook is written.
pub async fn answer(place: Place, document: Document, rows: impl Rows) -> Result<HttpResponse, Error> {
    let mut answer = attachment(document.format.media_type(), &document.file_name());
    match document.format {
        Format::Csv(separator) => {
            let csv = Csv::new(separator, document.zone, &document.head);
            let (chunks, waiting) = mpsc::channel(WAITING);
            let whole = Arc::<AtomicBool>::default();
            let (here, is_whole) = (Handle::current(), Arc::clone(&whole));
            let span = Span::current();
            spawn_blocking(move || {
                let _entered = span.enter();
                here.block_on(write_csv(csv, chunks, whole, rows));
                drop(place);
            });
            Ok(answer.streaming(received(waiting, is_whole)))
        }
        Format::Xlsx => {
            let gone = ClientGone(Arc::default());
            let (here, is_gone) = (Handle::current(), Arc::clone(&gone.0));
            let span = Span::current();
            let written = spawn_blocking(move || {
                let _entered = span.enter();
                let written = here.block_on(write_xlsx(&document, is_gone, rows));
                drop(place);
                written
            });
            let mut file = written.await.map_err(|_| Error::fault("an export panicked"))??;
            let length = file.stream_position().map_err(|error| Error::fault_of(&error))?;
            let (chunks, waiting) = mpsc::channel(WAITING);
            let whole = Arc::<AtomicBool>::default();
            let (here, is_whole) = (Handle::current(), Arc::clone(&whole));
            let sent = send(file, chunks, whole).in_current_span();
            spawn_blocking(move || here.block_on(sent));
            Ok(answer.no_chunking(length).streaming(received(waiting, is_whole)))
        }
    }
}

/// Tells the thread that writes a workbook when nobody waits for it any more.
struct ClientGone(Arc<AtomicBool>);

impl Drop for ClientGone {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The chunks as a body, which breaks off when no more come and it was not said that it is whole.
pub(super) fn received(
    chunks: mpsc::Receiver<Bytes>,
    whole: Arc<AtomicBool>,
) -> impl stream::Stream<Item = Result<Bytes, ExportAborted>> {
    stream::unfold(Some((chunks, whole)), async |state| {
        let (mut chunks, whole) = state?;
        match chunks.recv().await {
            Some(chunk) => Some((Ok(chunk), Some((chunks, whole)))),
            None if whole.load(Ordering::Acquire) => None,
            None => Some((Err(ExportAborted), None)),
        }
    })
}

async fn write_csv(csv: Csv, chunks: mpsc::Sender<Bytes>, whole: Arc<AtomicBool>, rows: impl Rows) {
    let mut out = RowSink(To::Csv { csv, chunks, until: Instant::now() + LONGEST, gone: false });
    let written = rows.write(&mut out).await;
    if let Err(error) = &written {
        tracing::error!(error = %crate::telemetry::chain(error), "export failed, download cut off");
    }
    let is_gone = matches!(out.0, To::Csv { gone: true, .. });
    if written.is_ok() && !is_gone && out.flush().await {
        whole.store(true, Ordering::Release);
    }
}

async fn write_xlsx(document: &Document, gone: Arc<AtomicBool>, rows: impl Rows) -> Result<std::fs::File, Error> {
    let file = tempfile::tempfile().map_err(|error| Error::fault_of(&error))?;
    let xlsx = Xlsx::new(&document.name, document.zone, &document.head).map_err(failure)?;
    let mut out = RowSink(To::Xlsx { xlsx: Box::new(xlsx), gone: Arc::clone(&gone), failed: None });
    rows.write(&mut out).await?;
    let To::Xlsx { xlsx, failed, .. } = out.0 else { return Err(Error::fault("an export changed its format")) };
    if let Some(error) = failed {
        return Err(failure(error));
    }
    if gone.load(Ordering::Relaxed) {
        return Err(Error::Unavailable);
    }
    xlsx.finish(&file).map_err(failure)?;
    let mut file = file;
    file.seek(std::io::SeekFrom::End(0)).map_err(|error| Error::fault_of(&error))?;
    Ok(file)
}

fn failure(error: XlsxError) -> Error {
    match error {
        XlsxError::RowColumnLimitError => Error::TooManyRows { max: MAX_ROWS },
        error => Error::fault_of(&error),
    }
}

/// Sends a file from its begin to its end.
async fn send(mut file: std::fs::File, chunks: mpsc::Sender<Bytes>, whole: Arc<AtomicBool>) {
    let sent = async {
        file.rewind()?;
        loop {
            let mut chunk = vec![0; CHUNK];
            let length = file.read(&mut chunk)?;
            if length == 0 {
                return Ok::<_, std::io::Error>(true);
            }
            chunk.truncate(length);
            let sent = timeout_at(Instant::now() + STALLED, chunks.send(chunk.into())).await;
            if !matches!(sent, Ok(Ok(()))) {
                return Ok(false);
            }
        }
    };
    match sent.await {
        Ok(true) => whole.store(true, Ordering::Release),
        Ok(false) => {}
        Err(error) => tracing::error!(%error, "export failed, download cut off"),
    }
}
