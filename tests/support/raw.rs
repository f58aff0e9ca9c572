//! Requests that no client library would send, byte for byte.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::browser::Page;

/// Sends bytes to a server and reads what it answers until it has nothing more to say. The request must ask the
/// server to close the connection, or be one after which it does.
pub async fn exchange(url: &str, request: impl Into<Vec<u8>>) -> Page {
    let (address, request) = (url.trim_start_matches("http://").to_owned(), request.into());
    let begin = String::from_utf8_lossy(&request[..request.len().min(500)]).into_owned();
    let conversation = tokio::task::spawn_blocking(move || {
        // When a server closes before it has read everything, the network may throw its answer away.
        (0..20).find_map(|_| talk(&address, &request))
    });
    conversation.await.expect("a conversation").unwrap_or_else(|| panic!("no answer to {begin}"))
}

/// A GET of a path exactly as it is written, with more header lines.
pub async fn get(url: &str, path: &str, headers: &[(&str, &str)]) -> Page {
    let lines: String = headers.iter().flat_map(|(name, value)| [name, ": ", value, "\r\n"]).collect();
    exchange(url, format!("GET {path} HTTP/1.1\r\nHost: countersign.test\r\nConnection: close\r\n{lines}\r\n")).await
}

fn talk(address: &str, request: &[u8]) -> Option<Page> {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time limit");
    let mut writer = stream.try_clone().expect("the other direction");
    let mut answer = Vec::new();
    std::thread::scope(|scope| {
        scope.spawn(move || writer.write_all(request));
        let mut chunk = [0; 16 * 1024];
        while let Ok(count @ 1..) = stream.read(&mut chunk) {
            answer.extend_from_slice(&chunk[..count]);
        }
    });
    page(&answer)
}

fn page(answer: &[u8]) -> Option<Page> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&answer[..end]);
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok());
    let mut headers = HeaderMap::new();
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        let name: HeaderName = name.parse().expect("the name of a header");
        headers.append(name, HeaderValue::from_str(value.trim()).expect("the value of a header"));
    }
    let body = String::from_utf8_lossy(&answer[end + 4..]).into_owned();
    Some(Page { status: status.expect("a status"), headers, body })
}
