//! What can be made of a picture.

use image::RgbaImage;
use image::imageops::{self, FilterType};

use super::draw::{Shape, draw};
use super::turn::turned;
use super::{Colour, Picture, sized};
use crate::FormatError;

/// How a picture gets another size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// Both sides as given.
    Exactly,
    /// As many pixels as the given sides make, no more; its shape stays.
    MostArea,
    /// At least as wide and as high; its shape stays.
    Covering,
    /// Smaller, so that it fits in, where it is larger.
    OnlyIfLarger,
    /// Larger, so that it fills the given sides as far as it can, where it is smaller than both.
    OnlyIfSmaller,
    /// Hundredths of each side.
    Percent,
}

/// One change.
#[derive(Clone, Debug)]
pub enum Change {
    /// Less sharp, by the deviation of a Gaussian in pixels.
    Blur(f32),
    /// A border of this width at the sides and this height above and below.
    Border(f64, f64, Colour),
    /// Another picture on top, at this place.
    Put(Box<Picture>, i64, i64),
    /// The part that begins at a place and has a size.
    Crop {
        /// From the left and from above.
        at: (f64, f64),
        /// Width and height.
        size: (f64, f64),
    },
    /// A shape on top.
    Draw(Shape, Colour),
    /// Another size.
    Resize(f64, f64, Fit),
    /// Turned clockwise by degrees; what comes in at the corners has this colour.
    Rotate(f64, Colour),
    /// Pixels of this colour become transparent.
    Transparent(Colour),
}

/// A picture of one colour.
pub fn blank(width: f64, height: f64, colour: Colour) -> Result<Picture, FormatError> {
    let (width, height) = sized(width, height)?;
    Ok(Picture(RgbaImage::from_pixel(width, height, colour.pixel())))
}

/// The picture after a change.
pub fn apply(picture: Picture, change: Change) -> Result<Picture, FormatError> {
    Ok(match change {
        Change::Blur(sigma) if sigma > 0.0 => Picture(imageops::fast_blur(&picture.0, sigma.min(500.0))),
        Change::Blur(_) => picture,
        Change::Border(width, height, colour) => {
            let (old_width, old_height) = picture.size();
            let (sides, ends) = (width.max(0.0).floor(), height.max(0.0).floor());
            let mut framed = blank(f64::from(old_width) + 2.0 * sides, f64::from(old_height) + 2.0 * ends, colour)?;
            imageops::replace(&mut framed.0, &picture.0, sides as i64, ends as i64);
            framed
        }
        Change::Put(other, x, y) => {
            let mut below = picture;
            imageops::overlay(&mut below.0, &other.0, x, y);
            below
        }
        Change::Crop { at, size } => cropped(&picture, at, size)?,
        Change::Draw(shape, colour) => draw(picture, &shape, colour),
        Change::Resize(width, height, fit) => resized(picture, (width, height), fit)?,
        Change::Rotate(degrees, colour) => turned(picture, degrees, colour)?,
        Change::Transparent(colour) => {
            let mut seen = picture;
            for pixel in seen.0.pixels_mut().filter(|pixel| pixel.0[..3] == colour.0[..3]) {
                pixel.0[3] = 0;
            }
            seen
        }
    })
}

fn cropped(picture: &Picture, (x, y): (f64, f64), (width, height): (f64, f64)) -> Result<Picture, FormatError> {
    let (all_width, all_height) = picture.size();
    let part = |from: f64, length: f64, all: u32| {
        let (from, to) = (from.max(0.0).floor(), (from + length).min(f64::from(all)).floor());
        (to > from).then_some((from as u32, (to - from) as u32))
    };
    let (Some((x, width)), Some((y, height))) = (part(x, width, all_width), part(y, height, all_height)) else {
        let message =
            format!("The part to keep lies outside of the picture, which has {all_width} × {all_height} pixels.");
        return Err(FormatError::Unknown(message));
    };
    Ok(Picture(imageops::crop_imm(&picture.0, x, y, width, height).to_image()))
}

fn resized(picture: Picture, (width, height): (f64, f64), fit: Fit) -> Result<Picture, FormatError> {
    let (old_width, old_height) = (f64::from(picture.0.width()), f64::from(picture.0.height()));
    let (across, down) = (width / old_width, height / old_height);
    let (across, down) = match fit {
        Fit::Exactly => (across, down),
        Fit::Percent => (width / 100.0, height / 100.0),
        Fit::MostArea => both((across * down).sqrt().min(1.0)),
        Fit::Covering => both(across.max(down)),
        Fit::OnlyIfLarger => both(across.min(down).min(1.0)),
        Fit::OnlyIfSmaller => both(across.min(down).max(1.0)),
    };
    let side = |old: f64, factor: f64| if factor > 0.0 { (old * factor).round().max(1.0) } else { 0.0 };
    let (width, height) = sized(side(old_width, across), side(old_height, down))?;
    if (width, height) == picture.size() {
        return Ok(picture);
    }
    Ok(Picture(imageops::resize(&picture.0, width, height, FilterType::CatmullRom)))
}

fn both(factor: f64) -> (f64, f64) {
    (factor, factor)
}
