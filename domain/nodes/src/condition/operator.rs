//! What is asked of values: the operations, and which type has which.

use serde::Deserialize;

use crate::coercion::FieldType;

/// A type and one of its operations.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "Written")]
pub(super) struct Operator {
    pub(super) kind: FieldType,
    pub(super) operation: Operation,
    /// What the right value is read as.
    pub(super) right: FieldType,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    #[serde(rename = "type")]
    kind: FieldType,
    operation: Operation,
    right_type: Option<FieldType>,
}

impl TryFrom<Written> for Operator {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let Written { kind, operation, right_type } = written;
        if !operation.is_of(kind) {
            return Err(format!("{} has no operation {operation:?}", kind.with_article()));
        }
        let right = right_type.unwrap_or(match (kind, operation) {
            (FieldType::Array, Operation::Contains | Operation::NotContains) => FieldType::Any,
            (FieldType::Array, _) => FieldType::Number,
            _ => kind,
        });
        Ok(Self { kind, operation, right })
    }
}

/// What is asked of the left value; not every operation belongs to every type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Operation {
    Exists,
    NotExists,
    Empty,
    NotEmpty,
    Equals,
    NotEquals,
    Contains,
    NotContains,
    StartsWith,
    NotStartsWith,
    EndsWith,
    NotEndsWith,
    Regex,
    NotRegex,
    Gt,
    Lt,
    Gte,
    Lte,
    After,
    Before,
    AfterOrEquals,
    BeforeOrEquals,
    True,
    False,
    LengthEquals,
    LengthNotEquals,
    LengthGt,
    LengthLt,
    LengthGte,
    LengthLte,
    /// Holds for no value: what an imported condition becomes whose operation n8n does not know either.
    Never,
}

impl Operation {
    /// Whether it asks about the left value alone.
    pub(super) fn is_unary(self) -> bool {
        matches!(self, Self::Exists | Self::NotExists | Self::Empty | Self::NotEmpty | Self::True | Self::False)
    }

    /// Whether values of type `kind` have it.
    pub(super) fn is_of(self, kind: FieldType) -> bool {
        use FieldType::{Any, Array, Boolean, DateTime, Number, String};
        match self {
            Self::Exists | Self::NotExists | Self::Never => true,
            Self::Empty | Self::NotEmpty => kind != Any,
            Self::Equals | Self::NotEquals => matches!(kind, String | Number | Boolean | DateTime),
            Self::Contains | Self::NotContains => matches!(kind, String | Array),
            Self::StartsWith
            | Self::NotStartsWith
            | Self::EndsWith
            | Self::NotEndsWith
            | Self::Regex
            | Self::NotRegex => kind == String,
            Self::Gt | Self::Lt | Self::Gte | Self::Lte => kind == Number,
            Self::After | Self::Before | Self::AfterOrEquals | Self::BeforeOrEquals => kind == DateTime,
            Self::True | Self::False => kind == Boolean,
            Self::LengthEquals
            | Self::LengthNotEquals
            | Self::LengthGt
            | Self::LengthLt
            | Self::LengthGte
            | Self::LengthLte => kind == Array,
        }
    }
}
