//! Style sheet, script and icons: built in, named by their content, compressed once.

use std::sync::LazyLock;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderValue},
    web::{Bytes, Path},
};

use super::{access::Anyone, error::Error};

/// A file of `static/`.
pub struct Asset {
    /// Its name.
    pub name: &'static str,
    /// Its address, which changes with its content.
    pub path: &'static str,
    /// Its hash, as browsers check it.
    pub integrity: &'static str,
    content_type: &'static str,
    body: &'static [u8],
    brotli: &'static [u8],
}

static ALL: &[Asset] = &include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The assets that pages name.
pub struct Assets {
    /// The style sheet.
    pub css: &'static Asset,
    /// The script.
    pub js: &'static Asset,
    /// The icons, which are the portal's own icon too.
    pub icons: &'static Asset,
}

/// The assets that pages name.
pub static ASSETS: LazyLock<Assets> =
    LazyLock::new(|| Assets { css: named("app.css"), js: named("app.js"), icons: named("icons.svg") });

fn named(name: &str) -> &'static Asset {
    ALL.iter().find(|asset| asset.name == name).expect("an asset that pages name")
}

/// Serves an asset; its address never means anything else, so it may be kept for ever.
pub async fn serve(_: Anyone, request: HttpRequest, _: Path<(String, String)>) -> Result<HttpResponse, Error> {
    let asset = ALL.iter().find(|asset| asset.path == request.path()).ok_or(Error::NotFound)?;
    let brotli = request
        .headers()
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(',').any(|coding| coding.trim().split(';').next() == Some("br")));
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CONTENT_TYPE, asset.content_type))
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::VARY, HeaderValue::from_static("Accept-Encoding")));
    Ok(if brotli {
        response.insert_header((header::CONTENT_ENCODING, "br")).body(Bytes::from_static(asset.brotli))
    } else {
        response.body(Bytes::from_static(asset.body))
    })
}
