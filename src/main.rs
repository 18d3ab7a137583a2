//! Byline.
fn main() {}
