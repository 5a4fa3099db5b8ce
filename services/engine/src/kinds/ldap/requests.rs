//! From parameters and an item to a request.

use weft_clients::ldap::{self, Change, Search, ldap_escape};
use weft_nodes::{Field, NodeError, Step};
use weft_value::Value;

use super::{AttributeValue, Operation, Parameters, Scope, SearchFor};

/// What the directory is asked for.
#[derive(Clone, Debug)]
pub(super) enum Request {
    Search(Search),
    Compare { dn: String, attribute: String, value: String },
    Create { dn: String, attributes: Vec<(String, Vec<String>)> },
    Update { dn: String, changes: Vec<Change> },
    Rename { dn: String, name: String, parent: Option<String>, target: String },
    Delete { dn: String },
}

/// Where an entry is being looked for.
type At<'a> = (&'a dyn Step, usize);

impl Parameters {
    pub(super) fn request(&self, step: &dyn Step, index: usize) -> Result<Request, NodeError> {
        let at = (step, index);
        if self.operation == Operation::Search {
            return self.search(at).map(Request::Search);
        }
        let dn = filled(&self.dn, at, "Distinguished name", "dn")?;
        Ok(match self.operation {
            Operation::Search | Operation::Delete => Request::Delete { dn },
            Operation::Compare => Request::Compare {
                dn,
                attribute: filled(&self.attribute, at, "Attribute", "attribute")?,
                value: self.value.text(step, index)?.as_str().to_owned(),
            },
            Operation::Create => Request::Create { dn, attributes: gathered(&self.attributes.attribute, at)? },
            Operation::Update => Request::Update { dn, changes: self.changes(at)? },
            Operation::Rename => {
                let target = filled(&self.target_dn, at, "New distinguished name", "targetDn")?;
                let (name, parent) = split(&target);
                let moves = parent.filter(|parent| split(&dn).1 != Some(*parent));
                Request::Rename { dn, name: name.to_owned(), parent: moves.map(str::to_owned), target: target.clone() }
            }
        })
    }

    fn search(&self, at: At<'_>) -> Result<Search, NodeError> {
        let (step, index) = at;
        let filter = match self.search_for {
            SearchFor::Custom => filled(&self.custom_filter, at, "Filter", "customFilter")?,
            SearchFor::Class => {
                let class = filled(&self.object_class, at, "Class", "objectClass")?;
                let attribute = filled(&self.search_attribute, at, "Whose attribute", "searchAttribute")?;
                let text = self.search_text.text(step, index)?;
                let escaped: Vec<_> = text.split('*').map(|part| ldap_escape(part.to_owned())).collect();
                let (class, attribute) = (ldap_escape(class), ldap_escape(attribute));
                format!("(&(objectClass={class})({attribute}={}))", escaped.join("*"))
            }
        };
        let most = if self.return_all {
            None
        } else {
            let limit = if self.limit.is_empty() { 50.0 } else { self.limit.number(step, index, "limit")? };
            Some(limit.max(0.0) as usize)
        };
        let page = self.options.page_size.unwrap_or(1000.0).clamp(0.0, 100_000.0) as i32;
        let names = self.options.attributes.names(step, index)?;
        Ok(Search {
            base: filled(&self.base_dn, at, "Search below", "baseDN")?,
            scope: match self.options.scope {
                Scope::Base => ldap::Scope::Base,
                Scope::One => ldap::Scope::OneLevel,
                Scope::Sub => ldap::Scope::Subtree,
            },
            filter,
            attributes: names.iter().map(|name| name.as_str().to_owned()).collect(),
            // No more at a time than are wanted.
            page: most.and_then(|most| i32::try_from(most).ok()).map_or(page, |most| page.min(most)),
            most,
        })
    }

    fn changes(&self, at: At<'_>) -> Result<Vec<Change>, NodeError> {
        let of = |listed: &[AttributeValue], change: fn(String, Vec<String>) -> Change| {
            let gathered = gathered(listed, at)?.into_iter();
            Ok::<Vec<_>, NodeError>(gathered.map(|(name, values)| change(name, values)).collect())
        };
        let mut changes = of(&self.changes.add, Change::Add)?;
        changes.extend(of(&self.changes.replace, Change::Replace)?);
        changes.extend(of(&self.changes.delete, Change::Delete)?);
        if changes.is_empty() {
            return Err(NodeError::new("parameter", "“Changes” must be filled in.").in_field("changes"));
        }
        Ok(changes)
    }
}

fn filled(given: &Field, (step, index): At<'_>, label: &str, name: &'static str) -> Result<String, NodeError> {
    let text = given.text(step, index)?;
    if text.trim().is_empty() {
        return Err(NodeError::new("parameter", format!("“{label}” must be filled in.")).in_field(name));
    }
    Ok(text.trim().to_owned())
}

/// Attributes with their values: what is named twice has two, and so has what is given a list. An empty value is none.
fn gathered(listed: &[AttributeValue], at: At<'_>) -> Result<Vec<(String, Vec<String>)>, NodeError> {
    let (step, index) = at;
    let mut gathered: Vec<(String, Vec<String>)> = Vec::new();
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_json(), str::to_owned);
    for pair in listed {
        let name = filled(&pair.id, at, "Attribute", "attributes")?;
        let values: Vec<String> = match pair.value.resolve(step, index)? {
            Value::Undefined | Value::Null => Vec::new(),
            Value::Array(list) => list.iter().map(text).collect(),
            one => vec![text(&one)],
        };
        let values = values.into_iter().filter(|value| !value.is_empty());
        match gathered.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(&name)) {
            Some((_, known)) => known.extend(values),
            None => gathered.push((name, values.collect())),
        }
    }
    Ok(gathered)
}

/// The first part of a name, and what follows its comma. One behind a backslash is a part of it.
pub(super) fn split(dn: &str) -> (&str, Option<&str>) {
    let mut letters = dn.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => {
                letters.next();
            }
            ',' => return (dn[..at].trim(), Some(dn[at + 1..].trim())),
            _ => {}
        }
    }
    (dn.trim(), None)
}
