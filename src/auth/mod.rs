//! The cryptography of signing in: passwords, secrets, tokens, and the keys of outside issuers.
//!
//! Nothing here knows the database or HTTP's requests; what is stored comes in and goes out as values.

pub mod outside;
pub mod password;
pub mod secret;
pub mod token;
pub mod webhook;
