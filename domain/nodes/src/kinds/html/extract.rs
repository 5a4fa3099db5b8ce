//! Taking values out of HTML by CSS selectors.

use scraper::{ElementRef, Html, Selector};
use serde::Deserialize;
use weft_value::{Object, Text, Value};

use super::plain_text;
use crate::markup::parse_html;
use crate::{Field, NodeError, Step};

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
    css_selector: Field,
    #[serde(default)]
    return_value: What,
    #[serde(default)]
    attribute: Field,
    #[serde(default)]
    skip_selectors: Field,
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
pub(super) struct Options {
    trim_values: bool,
    clean_up_text: bool,
}

/// What is taken out of the HTML of one item.
pub(super) struct Extraction {
    wanted: Vec<Wanted>,
    options: Options,
}

struct Wanted {
    key: Text,
    selector: Selector,
    what: What,
    attribute: Text,
    skipped: Option<Selector>,
    as_list: bool,
}

impl Values {
    pub(super) fn resolve(&self, step: &dyn Step, item: usize, options: Options) -> Result<Extraction, NodeError> {
        let wanted = self.values.iter().enumerate().map(|(place, value)| -> Result<Wanted, NodeError> {
            let path = |name: &str| format!("extractionValues.values[{place}].{name}");
            let css = value.css_selector.text(step, item)?;
            let skipped = value.skip_selectors.text(step, item)?;
            let skipped = Some(skipped.trim()).filter(|css| !css.is_empty());
            Ok(Wanted {
                key: value.key.text(step, item)?,
                selector: selector(&css, path("cssSelector"))?,
                what: value.return_value,
                attribute: value.attribute.text(step, item)?,
                skipped: skipped.map(|css| selector(css, path("skipSelectors"))).transpose()?,
                as_list: value.return_array,
            })
        });
        Ok(Extraction { wanted: wanted.collect::<Result<_, NodeError>>()?, options })
    }
}

fn selector(css: &str, field: String) -> Result<Selector, NodeError> {
    // Reading a selector of many parentheses would go as deep as they are nested.
    if css.len() > 4096 || css.matches('(').count() > 64 {
        let message = "A CSS selector may have 4096 bytes and 64 parentheses at most.";
        return Err(NodeError::new("selector", message).in_field(field));
    }
    Selector::parse(css).map_err(|error| {
        NodeError::new("selector", format!("“{css}” is not a CSS selector: {error}."))
            .describe("Write it as in a style sheet: “h1”, “.price”, “table tr > td”.")
            .in_field(field)
    })
}

impl Extraction {
    pub(super) fn run(&self, html: &str) -> Result<Object, NodeError> {
        let document = parse_html(html)?;
        let values = self.wanted.iter().map(|wanted| Ok((wanted.key.clone(), self.value(&document, wanted)?)));
        values.collect::<Result<Object, NodeError>>()
    }

    fn value(&self, document: &Html, wanted: &Wanted) -> Result<Value, NodeError> {
        let matches = document.select(&wanted.selector);
        if wanted.as_list {
            let values = matches.map(|element| Ok(self.tidied(wanted.of(element)?)));
            return Ok(Value::from(values.collect::<Result<Vec<_>, NodeError>>()?));
        }
        // The text of several elements is one text; of everything else there is the first.
        let value = if wanted.what == What::Text {
            Some(matches.flat_map(|element| element.text()).collect::<String>()).filter(|text| !text.is_empty())
        } else {
            let first = document.select(&wanted.selector).next().map(|element| wanted.of(element)).transpose()?;
            first.flatten().or_else(|| (wanted.what == What::PlainText).then(String::new))
        };
        Ok(self.tidied(value))
    }

    fn tidied(&self, value: Option<String>) -> Value {
        let Some(value) = value else { return Value::Undefined };
        if self.options.clean_up_text {
            return value.split_whitespace().collect::<Vec<_>>().join(" ").into();
        }
        if self.options.trim_values { value.trim().into() } else { value.into() }
    }
}

impl Wanted {
    fn of(&self, element: ElementRef<'_>) -> Result<Option<String>, NodeError> {
        let given = |text: String| Some(text).filter(|text| !text.is_empty());
        Ok(match self.what {
            What::Text => given(element.text().collect()),
            What::PlainText => Some(plain_text::of(element, self.skipped.as_ref())?),
            What::Html => given(element.inner_html()),
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
