//! Colours as style sheets write them.

use image::Rgba;

use crate::FormatError;

/// Red, green, blue, and how opaque.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour(pub [u8; 4]);

impl Colour {
    /// `#rgb`, `#rrggbb` or `#rrggbbaa`, where `ff` at the end is opaque.
    pub fn read(text: &str) -> Result<Self, FormatError> {
        let wrong = || FormatError::Unknown(format!("“{text}” is no colour: write #rrggbb or #rrggbbaa."));
        let digits = text.trim().trim_start_matches('#');
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(wrong());
        }
        let long = match digits.len() {
            3 => digits.chars().flat_map(|digit| [digit, digit]).collect::<String>() + "ff",
            6 => format!("{digits}ff"),
            8 => digits.to_owned(),
            _ => return Err(wrong()),
        };
        let number = u32::from_str_radix(&long, 16).map_err(|_| wrong())?;
        Ok(Self(number.to_be_bytes()))
    }

    pub(super) fn pixel(self) -> Rgba<u8> {
        Rgba(self.0)
    }
}
