//! How Markdown is written.

use serde::{Deserialize, Deserializer};

/// The options of the form.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(clippy::struct_field_names, reason = "the names of the form")]
pub(in super::super) struct Style {
    pub(super) bullet_marker: String,
    pub(super) code_fence: String,
    pub(super) code_block_style: CodeBlockStyle,
    pub(super) em_delimiter: String,
    pub(super) strong_delimiter: String,
    #[serde(deserialize_with = "names")]
    pub(super) ignore: Vec<String>,
    #[serde(deserialize_with = "names")]
    pub(super) block_elements: Vec<String>,
    pub(super) keep_data_images: bool,
    pub(super) use_link_reference_definitions: bool,
    pub(super) max_consecutive_newlines: f64,
    /// What replaces the usual escape of signs that mean something, first occurrence by text.
    pub(super) global_escape: OwnEscape,
    /// The same for signs that mean something at the start of a line.
    pub(super) line_start_escape: OwnEscape,
    pub(super) text_replace: Replacements,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            bullet_marker: "*".into(),
            code_fence: "```".into(),
            code_block_style: CodeBlockStyle::Fence,
            em_delimiter: "_".into(),
            strong_delimiter: "**".into(),
            ignore: Vec::new(),
            block_elements: Vec::new(),
            keep_data_images: false,
            use_link_reference_definitions: false,
            max_consecutive_newlines: 3.0,
            global_escape: OwnEscape::default(),
            line_start_escape: OwnEscape::default(),
            text_replace: Replacements::default(),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum CodeBlockStyle {
    Fence,
    Indented,
}

#[derive(Default, Deserialize)]
pub(super) struct OwnEscape {
    pub(super) value: Option<Replacement>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Replacements {
    pub(super) values: Vec<Replacement>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Replacement {
    pub(super) pattern: String,
    pub(super) replacement: String,
}

/// Names of elements with commas between them, in lower case.
fn names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let list = String::deserialize(deserializer)?;
    Ok(list.split(',').map(|name| name.trim().to_lowercase()).filter(|name| !name.is_empty()).collect())
}
