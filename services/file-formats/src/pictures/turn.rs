//! Turning a picture by any number of degrees.

use image::{Rgba, RgbaImage, imageops};

use super::{Colour, Picture, sized};
use crate::FormatError;

/// The picture turned clockwise, as large as it has to be so that nothing is cut off.
pub(super) fn turned(picture: Picture, degrees: f64, colour: Colour) -> Result<Picture, FormatError> {
    let degrees = degrees.rem_euclid(360.0);
    if !degrees.is_finite() {
        return Err(FormatError::Unknown("A picture is turned by a number of degrees.".to_owned()));
    }
    for (quarter, turn) in [
        (90.0, imageops::rotate90::<RgbaImage> as fn(&RgbaImage) -> RgbaImage),
        (180.0, imageops::rotate180),
        (270.0, imageops::rotate270),
    ] {
        if (degrees - quarter).abs() < 1e-9 {
            return Ok(Picture(turn(&picture.0)));
        }
    }
    if degrees < 1e-9 {
        return Ok(picture);
    }
    let (width, height) = picture.size();
    let (width, height) = (f64::from(width), f64::from(height));
    let (sine, cosine) = degrees.to_radians().sin_cos();
    let new_width = (width * cosine.abs() + height * sine.abs()).ceil();
    let new_height = (width * sine.abs() + height * cosine.abs()).ceil();
    let (across, down) = sized(new_width, new_height)?;
    let ground = colour.pixel();
    Ok(Picture(RgbaImage::from_fn(across, down, |x, y| {
        // Where the middle of this pixel was before the turn, counted from the middle of the picture.
        let (x, y) = (f64::from(x) + 0.5 - new_width / 2.0, f64::from(y) + 0.5 - new_height / 2.0);
        let before = (x * cosine + y * sine + width / 2.0 - 0.5, y * cosine - x * sine + height / 2.0 - 0.5);
        between(&picture.0, before, ground)
    })))
}

/// The colour between four pixels; what is outside has the colour of the ground.
fn between(picture: &RgbaImage, (x, y): (f64, f64), ground: Rgba<u8>) -> Rgba<u8> {
    let (left, top) = (x.floor(), y.floor());
    let at = |x: f64, y: f64| {
        let is_inside = x >= 0.0 && y >= 0.0 && x < f64::from(picture.width()) && y < f64::from(picture.height());
        if is_inside { *picture.get_pixel(x as u32, y as u32) } else { ground }
    };
    let (right_share, low_share) = (x - left, y - top);
    let corners = [
        (at(left, top), (1.0 - right_share) * (1.0 - low_share)),
        (at(left + 1.0, top), right_share * (1.0 - low_share)),
        (at(left, top + 1.0), (1.0 - right_share) * low_share),
        (at(left + 1.0, top + 1.0), right_share * low_share),
    ];
    let mixed = |part: usize| corners.iter().map(|(pixel, share)| f64::from(pixel.0[part]) * share).sum::<f64>();
    Rgba([0, 1, 2, 3].map(|part| mixed(part).round() as u8))
}
