//! Forms that bring a file beside what was typed.

use actix_multipart::{Field, Multipart};
use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{self, HeaderValue},
};
use futures_util::StreamExt as _;

use super::{
    error::Error,
    form::{Form, read_body},
};

/// The most bytes of such a form, its file among them.
pub const LIMIT: usize = 4 * 1024 * 1024;

/// What was typed, and the file; an empty one that nobody chose is none. Also takes a form without a file, as any form
/// is sent.
#[derive(Debug)]
pub struct Upload {
    /// What was typed.
    pub form: Form,
    /// What the chosen file holds.
    pub file: Option<Vec<u8>>,
}

impl FromRequest for Upload {
    type Error = Error;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let value = |name| request.headers().get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let kind = value(header::CONTENT_TYPE).and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
        let declared = value(header::CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
        let is_multipart = kind.eq_ignore_ascii_case("multipart/form-data");
        let is_form = kind.eq_ignore_ascii_case("application/x-www-form-urlencoded");
        let (payload, headers) = (payload.take(), request.headers().clone());
        Box::pin(async move {
            if declared.is_some_and(|length| length > LIMIT) {
                return Err(Error::TooLarge { limit: LIMIT });
            }
            if is_form {
                return Ok(Self { form: read_body(payload, LIMIT).await?, file: None });
            }
            if !is_multipart {
                return Err(Error::BadRequest);
            }
            parts(Multipart::new(&headers, payload)).await
        })
    }
}

async fn parts(mut multipart: Multipart) -> Result<Upload, Error> {
    let (mut pairs, mut file, mut left) = (Vec::new(), None, LIMIT);
    while let Some(part) = multipart.next().await {
        let mut part: Field = part.map_err(|_| Error::BadRequest)?;
        let name = part.name().map(str::to_owned).ok_or(Error::BadRequest)?;
        let is_file = part.content_disposition().is_some_and(|about| about.get_filename().is_some());
        let bytes = match part.bytes(left).await {
            Ok(bytes) => bytes.map_err(|_| Error::BadRequest)?,
            Err(_) => return Err(Error::TooLarge { limit: LIMIT }),
        };
        // What each part costs besides its bytes is not for free either.
        left = left.checked_sub(bytes.len() + name.len() + 64).ok_or(Error::TooLarge { limit: LIMIT })?;
        if !is_file {
            pairs.push((name, String::from_utf8_lossy(&bytes).into_owned()));
        } else if !bytes.is_empty() {
            file = Some(bytes.to_vec());
        }
    }
    Ok(Upload { form: Form::of(pairs), file })
}
