//! Taking values out of HTML by CSS selectors.

use std::borrow::Cow;

use scraper::{ElementRef, Html, Selector};
use serde::Deserialize;
use weft_value::{Object, Text, Value};

use super::plain_text::{self, Cells};
use crate::coercion::to_text;
use crate::markup::parse_html;
use crate::{Field, NodeError, Problem, Step};

#[derive(Default, Deserialize)]
pub(super) struct Values {
    #[serde(default)]
    values: Vec<Extracted>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Extracted {
    #[serde(default)]
    key: Field,
    #[serde(default)]
    css_selector: Css,
    #[serde(default)]
    return_value: What,
    #[serde(default)]
    attribute: Field,
    #[serde(default)]
    skip_selectors: Css,
    #[serde(default)]
    return_array: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum What {
    #[default]
    Text,
    PlainText,
    Html,
    Attribute,
    Value,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the form or of an imported node")]
pub(super) struct Options {
    trim_values: bool,
    clean_up_text: bool,
    /// Line ends go without a blank in their place, and so does what stands between the cells of a table. Imported nodes do so.
    as_n8n: bool,
    /// No text is an empty text. n8n's HTML Extract did so.
    keeps_no_text: bool,
}

impl Options {
    /// The text of elements: none is nothing, as a rule.
    fn given(self, text: String) -> Option<String> {
        Some(text).filter(|text| self.keeps_no_text || !text.is_empty())
    }
}

/// A CSS selector, compiled once where it is the same for every item.
#[derive(Default, Deserialize)]
#[serde(from = "Field")]
struct Css {
    field: Field,
    /// The constant one; nothing where it is empty.
    compiled: Option<Result<Option<Selector>, NodeError>>,
}

impl From<Field> for Css {
    fn from(field: Field) -> Self {
        let compiled = match &field {
            Field::Constant(value) => Some(selector(&to_text(value))),
            Field::Expression(_) | Field::Array(_) | Field::Object(_) => None,
        };
        Self { field, compiled }
    }
}

impl Css {
    /// The selector for item `item`, unless it is empty.
    fn resolve(&self, step: &dyn Step, item: usize) -> Result<Option<Cow<'_, Selector>>, NodeError> {
        match &self.compiled {
            Some(compiled) => Ok(compiled.as_ref().map_err(Clone::clone)?.as_ref().map(Cow::Borrowed)),
            None => Ok(selector(&self.field.text(step, item)?)?.map(Cow::Owned)),
        }
    }

    fn problem(&self, field: String) -> Option<Problem> {
        let error = self.compiled.as_ref()?.as_ref().err()?;
        Some(Problem::error("selector", error.message.as_str(), field))
    }
}

/// What is taken out of the HTML of one item.
pub(super) struct Extraction<'a> {
    wanted: Vec<Wanted<'a>>,
    options: Options,
}

struct Wanted<'a> {
    key: Text,
    selector: Cow<'a, Selector>,
    what: What,
    attribute: Text,
    skipped: Option<Cow<'a, Selector>>,
    as_list: bool,
}

impl Values {
    /// What is wrong with the selectors that are the same for every item.
    pub(super) fn problems(&self) -> Vec<Problem> {
        let of = |(place, value): (usize, &Extracted)| {
            [("cssSelector", &value.css_selector), ("skipSelectors", &value.skip_selectors)]
                .map(|(name, css)| css.problem(path(place, name)))
        };
        self.values.iter().enumerate().flat_map(of).flatten().collect()
    }

    pub(super) fn resolve(&self, step: &dyn Step, item: usize, options: Options) -> Result<Extraction<'_>, NodeError> {
        let wanted = self.values.iter().enumerate().map(|(place, value)| -> Result<Wanted<'_>, NodeError> {
            let in_field = |name: &'static str| move |error: NodeError| error.in_field(path(place, name));
            let css = value.css_selector.resolve(step, item).map_err(in_field("cssSelector"))?;
            Ok(Wanted {
                key: value.key.text(step, item)?,
                selector: css.ok_or_else(|| nothing(path(place, "cssSelector")))?,
                what: value.return_value,
                attribute: value.attribute.text(step, item)?,
                skipped: value.skip_selectors.resolve(step, item).map_err(in_field("skipSelectors"))?,
                as_list: value.return_array,
            })
        });
        Ok(Extraction { wanted: wanted.collect::<Result<_, NodeError>>()?, options })
    }
}

fn path(place: usize, name: &str) -> String {
    format!("extractionValues.values[{place}].{name}")
}

fn nothing(field: String) -> NodeError {
    NodeError::new("selector", "The CSS selector is empty.").describe(ADVICE).in_field(field)
}

const ADVICE: &str = "Write it as in a style sheet: “h1”, “.price”, “table tr > td”.";

/// The selector that `css` writes, unless that is empty.
fn selector(css: &str) -> Result<Option<Selector>, NodeError> {
    let css = css.trim();
    if css.is_empty() {
        return Ok(None);
    }
    // Reading a selector of many parentheses would go as deep as they are nested.
    if css.len() > 4096 || css.matches('(').count() > 64 {
        let message = "A CSS selector may have 4096 bytes and 64 parentheses at most.";
        return Err(NodeError::new("selector", message));
    }
    let selector = Selector::parse(css).map_err(|error| {
        NodeError::new("selector", format!("“{css}” is not a CSS selector: {error}.")).describe(ADVICE)
    })?;
    Ok(Some(selector))
}

impl Extraction<'_> {
    pub(super) fn run(&self, html: &str) -> Result<Object, NodeError> {
        let document = parse_html(html)?;
        let values = self.wanted.iter().map(|wanted| Ok((wanted.key.clone(), self.value(&document, wanted)?)));
        values.collect::<Result<Object, NodeError>>()
    }

    fn value(&self, document: &Html, wanted: &Wanted<'_>) -> Result<Value, NodeError> {
        let matches = document.select(&wanted.selector);
        if wanted.as_list {
            let values = matches.map(|element| Ok(self.tidied(wanted.of(element, self.options)?)));
            return Ok(Value::from(values.collect::<Result<Vec<_>, NodeError>>()?));
        }
        // The text of several elements is one text; of everything else there is the first.
        let value = if wanted.what == What::Text {
            self.options.given(matches.flat_map(|element| element.text()).collect())
        } else {
            let first = document.select(&wanted.selector).next();
            let first = first.map(|element| wanted.of(element, self.options)).transpose()?;
            first.flatten().or_else(|| (wanted.what == What::PlainText).then(String::new))
        };
        Ok(self.tidied(value))
    }

    fn tidied(&self, value: Option<String>) -> Value {
        let Some(value) = value else { return Value::Undefined };
        if self.options.clean_up_text && self.options.as_n8n {
            let lines = value.trim().split(['\r', '\n']).collect::<String>();
            return lines.split_whitespace().collect::<Vec<_>>().join(" ").into();
        }
        if self.options.clean_up_text {
            return value.split_whitespace().collect::<Vec<_>>().join(" ").into();
        }
        if self.options.trim_values { value.trim().into() } else { value.into() }
    }
}

impl Wanted<'_> {
    fn of(&self, element: ElementRef<'_>, options: Options) -> Result<Option<String>, NodeError> {
        let cells = if options.as_n8n { Cells::Together } else { Cells::Apart };
        Ok(match self.what {
            What::Text => options.given(element.text().collect()),
            What::PlainText => Some(plain_text::of(element, self.skipped.as_deref(), cells)?),
            What::Html => Some(element.inner_html()).filter(|html| !html.is_empty()),
            What::Attribute => element.attr(&self.attribute).map(str::to_owned),
            What::Value => form_value(element),
        })
    }
}

/// The value of a form field: of a text area its text, of a selection the chosen option.
fn form_value(element: ElementRef<'_>) -> Option<String> {
    match element.value().name() {
        "textarea" => Some(element.text().collect()),
        "select" => {
            let options = || element.descendent_elements().filter(|child| child.value().name() == "option");
            let chosen = options().find(|option| option.attr("selected").is_some()).or_else(|| options().next())?;
            Some(chosen.attr("value").map_or_else(|| chosen.text().collect(), str::to_owned))
        }
        "input" if matches!(element.attr("type"), Some("checkbox" | "radio")) => {
            Some(element.attr("value").unwrap_or("on").to_owned())
        }
        _ => element.attr("value").map(str::to_owned),
    }
}
