//! What the editor and the importer know of a node kind.

use serde::Serialize;
use serde_json::Value as Json;

/// A text for people, in every language of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Label {
    /// English.
    pub en: &'static str,
    /// French.
    pub fr: &'static str,
}

impl Label {
    /// The text in `language` (`fr`, `fr-CA`, …), in English when it is not spoken here.
    pub fn in_language(&self, language: &str) -> &'static str {
        if language.get(..2).is_some_and(|l| l.eq_ignore_ascii_case("fr")) { self.fr } else { self.en }
    }
}

/// A label from its two texts.
pub const fn label(en: &'static str, fr: &'static str) -> Label {
    Label { en, fr }
}

/// A node kind as the editor shows it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Descriptor {
    /// Its frozen name.
    pub kind: &'static str,
    /// Its version; a change that breaks stored graphs makes a new one.
    pub version: u32,
    /// What people call it.
    pub label: Label,
    /// What it does, in one sentence.
    pub description: Label,
    /// Where the palette lists it.
    pub group: Group,
    /// The name of its icon.
    pub icon: &'static str,
    /// The name of its colour.
    pub color: &'static str,
    /// The line below its name on the canvas: names of parameters stand in braces, `{method} {path}`.
    pub subtitle: Option<&'static str>,
    /// Its inputs, as long as no parameter changes them.
    pub inputs: Vec<Port>,
    /// Its outputs, as long as no parameter changes them.
    pub outputs: Vec<Port>,
    /// Its parameters, in the order of the form.
    pub parameters: Vec<Parameter>,
    /// How a step of it is repeated, as long as no parameter changes that.
    pub retried: Retried,
    /// A few sentences of help.
    pub documentation: Label,
}

impl Descriptor {
    /// Whether it starts executions.
    pub fn is_trigger(&self) -> bool {
        self.group == Group::Trigger
    }

    /// `kind@version`.
    pub fn key(&self) -> String {
        format!("{}@{}", self.kind, self.version)
    }
}

/// A shelf of the palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Group {
    /// Starts executions.
    Trigger,
    /// Changes items.
    Transform,
    /// Decides where items go.
    Flow,
    /// Touches the outside world.
    Act,
    /// Executes code of the tenant.
    Code,
}

/// How a step is repeated when nobody knows whether it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Retried {
    /// It touches nothing: it may be repeated without anybody noticing, and needs no prior record.
    Pure,
    /// Twice is the same as once.
    Idempotent,
    /// It sends a key by which the receiver recognises a repetition.
    Keyed,
    /// It must not be repeated; a person decides.
    AtMostOnce,
}

/// An input or an output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Port {
    /// `main`, `true`, `input 2`.
    pub name: String,
    /// What people see, where there is more than one.
    pub label: Option<Label>,
}

/// A port without a label.
pub fn port(name: impl Into<String>) -> Port {
    Port { name: name.into(), label: None }
}

/// What a parameter's field looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ParameterType {
    /// One or several lines of text.
    String,
    /// A number.
    Number,
    /// A switch.
    Boolean,
    /// One of a list.
    Options,
    /// Several of a list.
    MultiOptions,
    /// JSON text, or a value.
    Json,
    /// Code in [`Parameter::language`].
    Code,
    /// An object of optional fields, added one by one.
    Collection,
    /// An object of fields, or a list of such objects where it is `multiple`.
    FixedCollection,
    /// A list of fields to set: name, type, value.
    Assignments,
    /// Conditions joined by and/or.
    Conditions,
    /// A moment.
    DateTime,
    /// The reference of a credential of one of [`Parameter::credential_types`]; always a literal.
    Credential,
    /// The id of a workflow of the tenant.
    Workflow,
    /// A remark in the form; holds no value.
    Notice,
}

/// A parameter as the form shows it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Parameter {
    /// Its key in the node's parameters.
    pub name: &'static str,
    /// What people call it.
    pub label: Label,
    /// What its field looks like.
    #[serde(rename = "type")]
    pub kind: ParameterType,
    /// A sentence of help.
    pub description: Option<Label>,
    /// Its value while nobody set one.
    pub default: Option<Json>,
    /// Whether it must be set.
    pub required: bool,
    /// Whether it may be an expression.
    pub accepts_expression: bool,
    /// An example, shown while it is empty.
    pub placeholder: Option<&'static str>,
    /// What can be chosen.
    pub options: Vec<ParameterOption>,
    /// Whether it is a list of fixed collections.
    pub multiple: bool,
    /// The types of credentials that can be chosen.
    pub credential_types: Vec<&'static str>,
    /// The language of code.
    pub language: Option<&'static str>,
    /// Shown only when every named sibling has one of the listed values.
    pub show_when: Vec<ShowWhen>,
    /// The fields of a collection.
    pub fields: Vec<Parameter>,
    /// The smallest number.
    pub min: Option<f64>,
    /// The largest number.
    pub max: Option<f64>,
    /// The height of a text field in lines.
    pub rows: Option<u32>,
}

/// One thing that can be chosen.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ParameterOption {
    /// What is stored.
    pub value: Json,
    /// What people see.
    pub label: Label,
    /// A sentence of help.
    pub description: Option<Label>,
}

/// A condition on a sibling.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShowWhen {
    /// The sibling's name.
    pub parameter: &'static str,
    /// The values that show the parameter.
    pub values: Vec<Json>,
}

/// A parameter that accepts expressions and has nothing else set.
pub fn field(kind: ParameterType, name: &'static str, label: Label) -> Parameter {
    Parameter {
        name,
        label,
        kind,
        description: None,
        default: None,
        required: false,
        accepts_expression: true,
        placeholder: None,
        options: Vec::new(),
        multiple: false,
        credential_types: Vec::new(),
        language: None,
        show_when: Vec::new(),
        fields: Vec::new(),
        min: None,
        max: None,
        rows: None,
    }
}

/// The option by which dots in the names of fields are letters like any other; [`crate::Dots`] reads it.
pub(crate) fn dots_option() -> Parameter {
    field(
        ParameterType::Boolean,
        "disableDotNotation",
        label("Dots belong to names", "Les points font partie des noms"),
    )
    .help("A dot in a name does not reach inside of an object.", "Un point dans un nom ne descend pas dans un objet.")
    .literal()
    .or(false)
}

/// Something to choose.
pub fn choice(value: &str, label: Label) -> ParameterOption {
    ParameterOption { value: Json::from(value), label, description: None }
}

impl ParameterOption {
    /// With a sentence of help.
    #[must_use]
    pub fn help(mut self, en: &'static str, fr: &'static str) -> Self {
        self.description = Some(label(en, fr));
        self
    }
}

impl Parameter {
    /// With a sentence of help.
    #[must_use]
    pub fn help(mut self, en: &'static str, fr: &'static str) -> Self {
        self.description = Some(label(en, fr));
        self
    }

    /// With this value while nobody set one.
    #[must_use]
    pub fn or(mut self, default: impl Into<Json>) -> Self {
        self.default = Some(default.into());
        self
    }

    /// It must be set.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// It is the same for every item: an expression is not accepted.
    #[must_use]
    pub fn literal(mut self) -> Self {
        self.accepts_expression = false;
        self
    }

    /// With an example.
    #[must_use]
    pub fn example(mut self, placeholder: &'static str) -> Self {
        self.placeholder = Some(placeholder);
        self
    }

    /// With what can be chosen; the same for every item.
    #[must_use]
    pub fn choices(mut self, options: impl IntoIterator<Item = ParameterOption>) -> Self {
        self.options = options.into_iter().collect();
        self.literal()
    }

    /// With the fields of a collection.
    #[must_use]
    pub fn fields(mut self, fields: impl IntoIterator<Item = Parameter>) -> Self {
        self.fields = fields.into_iter().collect();
        self
    }

    /// A list of fixed collections.
    #[must_use]
    pub fn multiple(mut self) -> Self {
        self.multiple = true;
        self
    }

    /// Shown only when the sibling `parameter` has one of `values`; several calls must all hold.
    #[must_use]
    pub fn when<J: Into<Json>>(mut self, parameter: &'static str, values: impl IntoIterator<Item = J>) -> Self {
        self.show_when.push(ShowWhen { parameter, values: values.into_iter().map(Into::into).collect() });
        self
    }

    /// A credential of one of these types. It is the same for every item: an expression would let what flows choose whom the
    /// node signs in as.
    #[must_use]
    pub fn credentials(mut self, types: impl IntoIterator<Item = &'static str>) -> Self {
        self.credential_types = types.into_iter().collect();
        self.literal()
    }

    /// Code in this language.
    #[must_use]
    pub fn language(mut self, language: &'static str) -> Self {
        self.language = Some(language);
        self
    }

    /// This number or more.
    #[must_use]
    pub fn at_least(mut self, min: f64) -> Self {
        self.min = Some(min);
        self
    }

    /// Between these numbers.
    #[must_use]
    pub fn between(mut self, min: f64, max: f64) -> Self {
        (self.min, self.max) = (Some(min), Some(max));
        self
    }

    /// A text field of so many lines.
    #[must_use]
    pub fn rows(mut self, rows: u32) -> Self {
        self.rows = Some(rows);
        self
    }
}
