//! What was filled in, checked.

use jiff::civil::Date;
use weft_value::{BinaryRef, Value};

use super::{FieldKind, Filled, Form, FormField, lines};

/// The longest text of one field, in characters.
const MOST_CHARACTERS: usize = 20_000;

/// What a browser sent: names with texts and files, as often as they come.
#[derive(Clone, Debug, Default)]
pub struct Entries {
    texts: Vec<(String, String)>,
    files: Vec<(String, BinaryRef)>,
}

/// What is wrong with one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It must be filled in.
    Missing,
    /// It is no number.
    Number,
    /// It is no e-mail address.
    Email,
    /// It is no day.
    Date,
    /// It is none of the choices.
    Choice,
    /// Fewer are ticked than must be.
    TooFew {
        /// How many must be.
        least: usize,
    },
    /// More are ticked than may be.
    TooMany {
        /// How many may be.
        most: usize,
    },
    /// Several files were sent, and it takes one.
    OneFile,
    /// A file is of none of the types that it takes.
    FileType,
    /// The text is too long.
    TooLong {
        /// How long it may be, in characters.
        most: usize,
    },
}

/// What is wrong with the fields, by their places.
pub type Faults = Vec<(usize, Fault)>;

impl Entries {
    /// What was sent.
    pub fn new(pairs: Vec<(String, String)>) -> Self {
        Self { texts: pairs, files: Vec::new() }
    }

    /// The same with the files that came along.
    #[must_use]
    pub fn with_files(self, files: Vec<(String, BinaryRef)>) -> Self {
        Self { files, ..self }
    }

    /// What the fields of a page hold that nobody has touched: what the address says of them by their names, else what the form
    /// says itself.
    pub fn untouched(form: &Form, query: &[(String, String)]) -> Self {
        let mut pairs = Vec::new();
        for (index, field) in form.fields.iter().enumerate().filter(|(_, field)| field.may_be_filled_in()) {
            let asked: Vec<&str> =
                query.iter().filter(|(name, _)| name == field.key()).map(|(_, text)| text.as_str()).collect();
            let several = matches!(field.kind, FieldKind::Checkbox | FieldKind::Dropdown);
            let texts: Vec<&str> = match asked.as_slice() {
                [] if several => lines(&field.default_value).collect(),
                [] if field.default_value.is_empty() => Vec::new(),
                [] => vec![field.default_value.as_str()],
                // One name with a list, as people write addresses by hand.
                [one] if several && !field.choices().any(|choice| choice == *one) => {
                    one.split(',').map(str::trim).collect()
                }
                asked => asked.to_vec(),
            };
            pairs.extend(texts.into_iter().map(|text| (name_of(index), text.to_owned())));
        }
        Self::new(pairs)
    }

    /// The texts of the field at this place.
    pub fn texts(&self, index: usize) -> impl Iterator<Item = &str> {
        let name = name_of(index);
        self.texts.iter().filter(move |(known, _)| *known == name).map(|(_, text)| text.as_str())
    }

    /// The files of the field at this place.
    pub fn files(&self, index: usize) -> impl Iterator<Item = &BinaryRef> {
        let name = name_of(index);
        self.files.iter().filter(move |(known, _)| *known == name).map(|(_, file)| file)
    }

    /// The text of any other name.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.texts.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }
}

/// What a page calls the field at this place. What people read beside it may be anything.
pub fn name_of(index: usize) -> String {
    format!("field-{index}")
}

impl Form {
    /// What was filled in, or what is wrong.
    pub fn read(&self, entries: &Entries) -> Result<Filled, Faults> {
        let (mut filled, mut faults) = (Filled::default(), Faults::new());
        for (index, field) in self.fields.iter().enumerate().filter(|(_, field)| field.is_filled_in()) {
            if field.kind == FieldKind::File {
                let sent: Vec<&BinaryRef> = entries.files(index).collect();
                match field.fault_of_files(&sent) {
                    None => filled.add_files(field, &sent),
                    Some(fault) => faults.push((index, fault)),
                }
                continue;
            }
            let texts: Vec<&str> = entries.texts(index).filter(|text| !text.trim().is_empty()).collect();
            match field.value(&texts) {
                Ok(value) => filled.values.insert(field.key(), value),
                Err(fault) => faults.push((index, fault)),
            }
        }
        if faults.is_empty() { Ok(filled) } else { Err(faults) }
    }
}

impl FormField {
    fn value(&self, texts: &[&str]) -> Result<Value, Fault> {
        if texts.is_empty() && self.is_required && self.kind != FieldKind::Hidden {
            return Err(Fault::Missing);
        }
        if texts.iter().any(|text| text.chars().count() > MOST_CHARACTERS) {
            return Err(Fault::TooLong { most: MOST_CHARACTERS });
        }
        match self.kind {
            FieldKind::Checkbox => self.ticked(texts),
            FieldKind::Dropdown if self.multiselect => self.chosen(texts).map(list),
            FieldKind::Dropdown | FieldKind::Radio => {
                let chosen = self.chosen(&texts[..texts.len().min(1)])?;
                Ok(chosen.first().map_or(empty(), |text| Value::from(*text)))
            }
            _ => texts.first().map_or(Ok(empty()), |text| self.typed(text)),
        }
    }

    fn typed(&self, text: &str) -> Result<Value, Fault> {
        match self.kind {
            FieldKind::Number => {
                let number = text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
                number.map(Value::Number).ok_or(Fault::Number)
            }
            FieldKind::Email => is_email(text.trim()).then(|| text.trim().into()).ok_or(Fault::Email),
            FieldKind::Date => {
                let day = text.trim().parse::<Date>().map_err(|_| Fault::Date)?;
                Ok(day.to_string().into())
            }
            _ => Ok(text.replace("\r\n", "\n").into()),
        }
    }

    fn ticked(&self, texts: &[&str]) -> Result<Value, Fault> {
        let chosen = self.chosen(texts)?;
        let bound = |bound: Option<f64>| bound.filter(|bound| *bound >= 0.0).map(|bound| bound as usize);
        if let Some(least) = bound(self.min_selections).filter(|least| chosen.len() < *least) {
            // Who need not answer at all answers well with nothing.
            if self.is_required || !chosen.is_empty() {
                return Err(Fault::TooFew { least });
            }
        }
        match bound(self.max_selections).filter(|most| *most > 0 && chosen.len() > *most) {
            Some(most) => Err(Fault::TooMany { most }),
            None => Ok(list(chosen)),
        }
    }

    /// What was chosen, which must be choices.
    fn chosen<'a>(&'a self, texts: &[&str]) -> Result<Vec<&'a str>, Fault> {
        let find = |text: &&str| self.choices().find(|choice| *choice == text.trim()).ok_or(Fault::Choice);
        texts.iter().map(find).collect()
    }
}

/// What a field is that was left empty.
fn empty() -> Value {
    Value::from("")
}

fn list(texts: Vec<&str>) -> Value {
    texts.into_iter().map(Value::from).collect::<Vec<_>>().into()
}

/// As far as browsers look: something, an @, something with no space.
fn is_email(text: &str) -> bool {
    let clean = !text.chars().any(|c| c.is_whitespace() || c.is_control());
    clean
        && text.len() <= 254
        && text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && !domain.is_empty() && !domain.contains('@') && !domain.starts_with('.')
        })
}

#[cfg(test)]
mod tests {
    use super::super::tests::form;
    use super::*;

    fn read(field: &str, texts: &[&str]) -> Result<String, Fault> {
        let form = form(&format!(r#"{{"formTitle":"T","formFields":[{{"fieldLabel":"F",{field}}}]}}"#)).unwrap();
        let entries = Entries::new(texts.iter().map(|text| (name_of(0), (*text).to_owned())).collect());
        match form.read(&entries) {
            Ok(filled) => Ok(filled.values.get("F").unwrap().to_json()),
            Err(faults) => Err(faults[0].1),
        }
    }

    #[test]
    fn every_type_is_read_and_checked() {
        let required = r#","requiredField":true"#;
        let ask = |kind: &str, rest: &str| format!(r#""fieldType":"{kind}"{rest}"#);
        let choices = r#","options":"red\n blue \n\nvert é""#;
        for (field, texts, expected) in [
            (ask("text", ""), &["Zoë\r\nB"][..], Ok("\"Zoë\\nB\"")),
            (ask("text", ""), &[], Ok("\"\"")),
            (ask("text", required), &["  "], Err(Fault::Missing)),
            (ask("number", ""), &[" -1.5 "], Ok("-1.5")),
            (ask("number", ""), &["1e999"], Err(Fault::Number)),
            (ask("number", ""), &["NaN"], Err(Fault::Number)),
            (ask("number", ""), &["one"], Err(Fault::Number)),
            (ask("number", ""), &[""], Ok("\"\"")),
            (ask("email", ""), &["ada@example.com"], Ok("\"ada@example.com\"")),
            (ask("email", ""), &["ada@"], Err(Fault::Email)),
            (ask("email", ""), &["a b@c"], Err(Fault::Email)),
            (ask("date", ""), &["2026-02-28"], Ok("\"2026-02-28\"")),
            (ask("date", ""), &["2026-02-30"], Err(Fault::Date)),
            (ask("dropdown", choices), &["blue"], Ok("\"blue\"")),
            (ask("dropdown", choices), &["green"], Err(Fault::Choice)),
            (
                ask("dropdown", &format!(r#"{choices},"multiselect":true"#)),
                &["red", "vert é"],
                Ok(r#"["red","vert é"]"#),
            ),
            (ask("radio", choices), &["red"], Ok("\"red\"")),
            (ask("radio", &format!("{choices}{required}")), &[], Err(Fault::Missing)),
            (ask("checkbox", choices), &[], Ok("[]")),
            (ask("checkbox", choices), &["red"], Ok(r#"["red"]"#)),
            (
                ask("checkbox", &format!(r#"{choices},"maxSelections":1"#)),
                &["red", "blue"],
                Err(Fault::TooMany { most: 1 }),
            ),
            (ask("checkbox", &format!(r#"{choices},"minSelections":2"#)), &["red"], Err(Fault::TooFew { least: 2 })),
            (ask("checkbox", &format!(r#"{choices},"minSelections":2"#)), &[], Ok("[]")),
            (ask("hiddenField", ""), &["ref-7"], Ok("\"ref-7\"")),
            (ask("password", ""), &[" x "], Ok("\" x \"")),
        ] {
            assert_eq!(read(&field, texts), expected.map(str::to_owned), "{field} {texts:?}");
        }
        let long = "é".repeat(20_001);
        assert_eq!(read(&ask("textarea", ""), &[&long]), Err(Fault::TooLong { most: 20_000 }));
    }

    #[test]
    fn an_address_fills_fields_in() {
        let form = form(
            r#"{"formTitle":"T","formFields":[
                {"fieldLabel":"Your name","fieldName":"name","defaultValue":"nobody"},
                {"fieldLabel":"Tags","fieldType":"checkbox","options":"a\nb\nc","defaultValue":"c"},
                {"fieldType":"html","html":"<p>"},
                {"fieldLabel":"Ref","fieldType":"hiddenField","defaultValue":"r0"}]}"#,
        )
        .unwrap();
        let untouched = |query: &[(&str, &str)]| {
            let query: Vec<_> = query.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect();
            let entries = Entries::untouched(&form, &query);
            form.read(&entries).map(|filled| Value::from(filled.values).to_json())
        };
        assert_eq!(untouched(&[]), Ok(r#"{"name":"nobody","Tags":["c"],"Ref":"r0"}"#.to_owned()));
        assert_eq!(
            untouched(&[("name", "Ada"), ("Tags", "a, b"), ("Ref", "r1"), ("other", "x")]),
            Ok(r#"{"name":"Ada","Tags":["a","b"],"Ref":"r1"}"#.to_owned())
        );
        assert_eq!(
            untouched(&[("Tags", "a"), ("Tags", "c")]),
            Ok(r#"{"name":"nobody","Tags":["a","c"],"Ref":"r0"}"#.to_owned())
        );
    }
}
