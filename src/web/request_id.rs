//! The id by which the log and error pages name a request.

/// The id of a request.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);
