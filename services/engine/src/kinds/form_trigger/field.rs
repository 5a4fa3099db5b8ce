//! One field of a form.

use serde::{Deserialize, Serialize};

/// One field of a form.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FormField {
    /// What people read beside it.
    #[serde(rename = "fieldLabel", default)]
    pub label: String,
    /// What the item calls it; nothing where that is what people read.
    #[serde(rename = "fieldName", default)]
    pub(super) name: String,
    /// What is filled in.
    #[serde(rename = "fieldType", default)]
    pub kind: FieldKind,
    /// An example inside of it.
    #[serde(default)]
    pub placeholder: String,
    /// What is filled in already; of a choice, one a line.
    #[serde(default)]
    pub default_value: String,
    /// One choice a line.
    #[serde(default)]
    pub(super) options: String,
    /// Whether several may be chosen.
    #[serde(default)]
    pub multiselect: bool,
    /// How many must be ticked at least.
    #[serde(default)]
    pub min_selections: Option<f64>,
    /// How many may be ticked at most.
    #[serde(default)]
    pub max_selections: Option<f64>,
    /// Which files are taken: ends of names and types, with commas between them; nothing where all are.
    #[serde(default)]
    pub accept_file_types: String,
    /// Whether several files are taken.
    #[serde(rename = "multipleFiles", default)]
    pub takes_several: bool,
    /// What is shown instead of a field, not cleaned yet.
    #[serde(default)]
    pub html: String,
    /// Whether it must be filled in.
    #[serde(rename = "requiredField", default)]
    pub is_required: bool,
}

/// What a field takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum FieldKind {
    /// One line.
    #[default]
    Text,
    /// Several lines.
    Textarea,
    /// A number.
    Number,
    /// An e-mail address.
    Email,
    /// What nobody shall see who looks on.
    Password,
    /// A day.
    Date,
    /// A file, or several.
    File,
    /// One of a list, or several.
    Dropdown,
    /// One of a few.
    Radio,
    /// Any of a few.
    Checkbox,
    /// Nothing that people see.
    #[serde(rename = "hiddenField")]
    Hidden,
    /// Nothing; text of its own.
    Html,
}

impl FormField {
    /// What the item calls it.
    pub fn key(&self) -> &str {
        if self.name.is_empty() { &self.label } else { &self.name }
    }

    /// What may be chosen.
    pub fn choices(&self) -> impl Iterator<Item = &str> {
        lines(&self.options)
    }

    /// Which files it takes; none where it takes all.
    pub fn accepted(&self) -> impl Iterator<Item = &str> {
        self.accept_file_types.split([',', '\n']).map(str::trim).filter(|accepted| !accepted.is_empty())
    }

    /// Whether an address, or the form itself, may fill it in: no page can choose a file of whoever reads it.
    pub(super) fn may_be_filled_in(&self) -> bool {
        !matches!(self.kind, FieldKind::Html | FieldKind::File)
    }

    /// Whether a value comes of it.
    pub fn is_filled_in(&self) -> bool {
        self.kind != FieldKind::Html
    }
}

pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}
