//! An operation of the API as its reference page lists it.

use crate::domain::role::Permission;

/// An operation of the API.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Its method.
    pub method: String,
    /// Its path behind the base address.
    pub path: String,
    /// What it does, in English.
    pub summary: &'static str,
    /// What the caller's role must include.
    pub permission: Permission,
}
