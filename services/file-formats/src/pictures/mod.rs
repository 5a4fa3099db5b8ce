//! Pictures: PNG, JPEG, GIF, BMP, TIFF and WebP. What moves loses all but its first frame.
//!
//! A picture is measured before it is unpacked, and what would be made of it before it is made.

mod change;
mod codec;
mod colour;
mod draw;
mod turn;

pub use change::{Change, Fit, apply, blank};
pub use codec::{Measured, PictureFormat, decode, encode, measure};
pub use colour::Colour;
pub use draw::{Shape, draw};

use image::RgbaImage;

use crate::FormatError;

/// The most pixels of a picture.
pub const MOST_PIXELS: u64 = 40_000_000;
/// The most pixels in one direction.
const MOST_SIDE: u64 = 32_768;

/// A picture, unpacked.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture(pub(crate) RgbaImage);

impl Picture {
    /// How wide and how high it is, in pixels.
    pub fn size(&self) -> (u32, u32) {
        self.0.dimensions()
    }
}

/// The size of a picture that is to be made, where it is one that can be.
fn sized(width: f64, height: f64) -> Result<(u32, u32), FormatError> {
    let inside = |side: f64| (1.0..=MOST_SIDE as f64).contains(&side);
    if !inside(width) || !inside(height) {
        return Err(FormatError::Unknown(format!(
            "A picture of {width} × {height} pixels cannot be made: each side has 1 to {MOST_SIDE}."
        )));
    }
    if width * height > MOST_PIXELS as f64 {
        return Err(FormatError::TooMuch { what: "its pixels", limit: MOST_PIXELS });
    }
    Ok((width as u32, height as u32))
}

#[cfg(test)]
mod tests;
