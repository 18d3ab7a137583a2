//! WordPress exports (WXR).

pub mod classic;
pub mod item;
pub mod languages;
pub mod wxr;
