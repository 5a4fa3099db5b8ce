//! Lists that are the same for everybody who reads a language: read once, not for every request.

use std::sync::OnceLock;

use serde_json::Value;

/// The languages that texts come in; the first one is read where there is no text in another.
const LANGUAGES: [&str; 2] = ["en", "fr"];

/// A list in each language, from when it was first asked for.
pub(crate) struct PerLanguage<T>([OnceLock<Vec<T>>; LANGUAGES.len()]);

impl<T> Default for PerLanguage<T> {
    fn default() -> Self {
        Self([const { OnceLock::new() }; LANGUAGES.len()])
    }
}

impl<T> PerLanguage<T> {
    /// The list for this language (RFC 5646), made by `read` out of what the catalogue holds if nobody has asked for it before.
    pub(crate) fn get<E>(
        &self,
        language: &str,
        catalogue: &[Value],
        read: impl Fn(Value) -> Result<T, E>,
    ) -> Result<&[T], E> {
        let known = |known: &str| language.get(..2).is_some_and(|language| language.eq_ignore_ascii_case(known));
        let place = LANGUAGES.iter().position(|language| known(language)).unwrap_or(0);
        if let Some(list) = self.0[place].get() {
            return Ok(list);
        }
        let list: Result<Vec<T>, E> =
            catalogue.iter().map(|element| read(in_language(element, LANGUAGES[place]))).collect();
        let list = list?;
        Ok(self.0[place].get_or_init(|| list))
    }
}

/// Replaces each text that stands in several languages by the one that is read, or English.
fn in_language(value: &Value, language: &str) -> Value {
    match value {
        Value::Object(fields) => match fields.get("en") {
            Some(Value::String(english)) if fields.len() <= 2 && fields.keys().all(|key| key.len() == 2) => {
                fields.get(language).cloned().unwrap_or_else(|| Value::String(english.clone()))
            }
            _ => fields.iter().map(|(key, value)| (key.clone(), in_language(value, language))).collect(),
        },
        Value::Array(values) => values.iter().map(|value| in_language(value, language)).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use serde_json::json;

    use super::*;

    #[test]
    fn texts_come_in_the_readers_language_or_in_english() {
        let kinds = [json!({ "label": { "en": "Set", "fr": "Définir" }, "options": [{ "label": { "en": "Yes" } }] })];
        let lists = PerLanguage::default();
        let of = |language| lists.get(language, &kinds, Ok::<_, Infallible>).unwrap().to_vec();
        assert_eq!(of("fr-CA"), [json!({ "label": "Définir", "options": [{ "label": "Yes" }] })]);
        for language in ["de", "EN", "", "f", "ü", "日本"] {
            assert_eq!(of(language), [json!({ "label": "Set", "options": [{ "label": "Yes" }] })], "{language}");
        }
    }

    #[test]
    fn a_list_is_read_once_for_a_language_and_again_after_a_fault() {
        let lists = PerLanguage::default();
        assert_eq!(lists.get("fr", &[json!(1)], |_| Err::<Value, _>("broken")), Err("broken"));
        assert_eq!(lists.get("fr", &[json!(1)], Ok::<_, &str>), Ok([json!(1)].as_slice()));
        assert_eq!(lists.get("FR", &[json!(2)], |_| Err("read twice")), Ok([json!(1)].as_slice()));
        assert_eq!(lists.get("en", &[json!(2)], Ok::<_, &str>), Ok([json!(2)].as_slice()));
    }
}
