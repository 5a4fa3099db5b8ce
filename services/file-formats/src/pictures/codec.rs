//! From files to pictures and back.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageError, ImageFormat, ImageReader, Limits, Rgb, RgbImage};

use super::{MOST_PIXELS, MOST_SIDE, Picture};
use crate::FormatError;

/// How much memory unpacking may take, in bytes.
const MOST_MEMORY: u64 = 512 << 20;

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureFormat {
    /// Windows bitmap.
    Bmp,
    /// GIF, of one frame.
    Gif,
    /// JPEG: small, without transparency.
    Jpeg,
    /// PNG: exact.
    Png,
    /// TIFF.
    Tiff,
    /// WebP, exact.
    Webp,
}

impl PictureFormat {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Bmp, Self::Gif, Self::Jpeg, Self::Png, Self::Tiff, Self::Webp];

    /// Its name: `png`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bmp => "bmp",
            Self::Gif => "gif",
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Tiff => "tiff",
            Self::Webp => "webp",
        }
    }

    /// Its media type: `image/png`.
    pub fn media_type(self) -> &'static str {
        self.known().to_mime_type()
    }

    fn known(self) -> ImageFormat {
        match self {
            Self::Bmp => ImageFormat::Bmp,
            Self::Gif => ImageFormat::Gif,
            Self::Jpeg => ImageFormat::Jpeg,
            Self::Png => ImageFormat::Png,
            Self::Tiff => ImageFormat::Tiff,
            Self::Webp => ImageFormat::WebP,
        }
    }
}

/// What a file says of its picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measured {
    /// The format, whatever the file is called.
    pub format: PictureFormat,
    /// How wide and how high, in pixels.
    pub size: (u32, u32),
}

type Reader<'a> = ImageReader<Cursor<&'a [u8]>>;

fn reader(bytes: &[u8]) -> Result<(Reader<'_>, PictureFormat), FormatError> {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let mut reader = reader.map_err(|error| FormatError::broken("picture", error))?;
    let found = PictureFormat::ALL.into_iter().find(|format| Some(format.known()) == reader.format());
    let format =
        found.ok_or_else(|| FormatError::broken("picture", "it is none of PNG, JPEG, GIF, BMP, TIFF and WebP"))?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_SIDE as u32);
    limits.max_image_height = Some(MOST_SIDE as u32);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    Ok((reader, format))
}

/// What a file says of its picture; nothing is unpacked.
pub fn measure(bytes: &[u8]) -> Result<Measured, FormatError> {
    let (reader, format) = reader(bytes)?;
    Ok(Measured { format, size: reader.into_dimensions().map_err(refused)? })
}

/// The picture of a file.
pub fn decode(bytes: &[u8]) -> Result<(Picture, PictureFormat), FormatError> {
    let Measured { size: (width, height), format } = measure(bytes)?;
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(FormatError::TooMuch { what: "its pixels", limit: MOST_PIXELS });
    }
    let picture = reader(bytes)?.0.decode().map_err(refused)?;
    Ok((Picture(picture.into_rgba8()), format))
}

/// The file of a picture. `quality` is that of JPEG, from 1 to 100.
pub fn encode(picture: &Picture, format: PictureFormat, quality: u8) -> Result<Vec<u8>, FormatError> {
    let mut bytes = Cursor::new(Vec::new());
    if format == PictureFormat::Jpeg {
        let encoder = JpegEncoder::new_with_quality(&mut bytes, quality.clamp(1, 100));
        on_white(picture).write_with_encoder(encoder).map_err(refused)?;
    } else {
        DynamicImage::ImageRgba8(picture.0.clone()).write_to(&mut bytes, format.known()).map_err(refused)?;
    }
    Ok(bytes.into_inner())
}

/// JPEG knows no transparency: what is behind is white.
fn on_white(picture: &Picture) -> RgbImage {
    let (width, height) = picture.size();
    RgbImage::from_fn(width, height, |x, y| {
        let [red, green, blue, alpha] = picture.0.get_pixel(x, y).0;
        let mixed = |part: u8| {
            let alpha = u16::from(alpha);
            ((u16::from(part) * alpha + 255 * (255 - alpha) + 127) / 255) as u8
        };
        Rgb([mixed(red), mixed(green), mixed(blue)])
    })
}

fn refused(error: ImageError) -> FormatError {
    match error {
        ImageError::Limits(_) => FormatError::TooMuch { what: "its pixels", limit: MOST_PIXELS },
        other => FormatError::broken("picture", other),
    }
}
