//! Ids in addresses.

use uuid::Uuid;

use super::error::Error;

/// A customer's id in an address; what is none is not found.
pub fn customer_id(path: &str) -> Result<Uuid, Error> {
    guid(path)
}

/// A GUID in an address, written as addresses have it; what is none is not found.
pub fn guid(path: &str) -> Result<Uuid, Error> {
    Uuid::try_parse(path).ok().filter(|id| path.len() == 36 && !id.is_nil()).ok_or(Error::NotFound)
}
