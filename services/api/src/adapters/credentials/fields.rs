//! The fields of a credential as the two halves of its secret hold them: JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use weft_event_log::Secret;
use weft_graphql::ports::ShownField;
use weft_nodes::credential::{CredentialField, CredentialType, credential_type};
use zeroize::Zeroizing;

/// Fields by name. What is wiped when it goes is what they hold.
pub(super) type Fields = BTreeMap<String, Zeroizing<String>>;

/// The bytes are none that this program writes. Where it is wrong is not said: the message would repeat a part of it.
#[derive(Debug, thiserror::Error)]
#[error("the fields of a credential could not be read or written")]
pub(super) struct Unreadable;

#[derive(Serialize)]
struct Written<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    fields: BTreeMap<&'a str, &'a str>,
    /// Which fields the other half holds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hidden: Vec<&'a str>,
}

#[derive(Deserialize)]
struct Half {
    #[serde(rename = "type")]
    kind: String,
    fields: BTreeMap<String, Wiped>,
    #[serde(default)]
    hidden: Vec<String>,
}

struct Wiped(Zeroizing<String>);

impl<'de> Deserialize<'de> for Wiped {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Zeroizing::new).map(Self)
    }
}

/// The two halves of a credential. Fields that hold nothing are left out.
pub(super) fn sealable(known: &CredentialType, fields: &Fields) -> Result<Secret, Unreadable> {
    let chosen = |is_wanted: fn(&CredentialField) -> bool| -> BTreeMap<&str, &str> {
        let wanted = known.fields.iter().filter(|field| is_wanted(field));
        let held = wanted.filter_map(|field| Some((field.name, fields.get(field.name)?.as_str())));
        held.filter(|(_, value)| !value.is_empty()).collect()
    };
    let (hidden, shown) = (chosen(|field| field.secret), chosen(|field| !field.secret));
    let names = hidden.keys().copied().collect();
    Ok(Secret {
        shown: write(&Written { kind: known.kind, fields: shown, hidden: names })?,
        hidden: write(&Written { kind: known.kind, fields: hidden, hidden: Vec::new() })?,
    })
}

/// The type and all fields of an opened secret.
pub(super) fn read(secret: &Secret) -> Result<(String, Fields), Unreadable> {
    let halves = [parse(&secret.shown)?, parse(&secret.hidden)?];
    let kind = halves[1].kind.clone();
    let fields = halves.into_iter().flat_map(|half| half.fields);
    Ok((kind, fields.map(|(name, Wiped(value))| (name, value)).collect()))
}

/// What may be shown, in the order of the form.
pub(super) fn shown(half: &[u8]) -> Result<Vec<ShownField>, Unreadable> {
    let Half { kind, fields, hidden } = parse(half)?;
    let known = credential_type(&kind).ok_or(Unreadable)?;
    let show = |field: &CredentialField| {
        let value = fields.get(field.name).map(|Wiped(value)| value.to_string());
        let is_set = value.is_some() || hidden.iter().any(|name| name == field.name);
        ShownField { name: field.name.to_owned(), value, is_set }
    };
    Ok(known.fields.iter().map(show).collect())
}

fn write(half: &Written<'_>) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
    // A buffer that grows leaves copies behind that nobody wipes, so that it begins as large as it can become: JSON writes no byte
    // with more than six.
    let texts = half.fields.iter().flat_map(|(name, value)| [*name, *value]).chain(half.hidden.iter().copied());
    let room = 64 + 6 * half.kind.len() + texts.map(|text| 6 * text.len() + 4).sum::<usize>();
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    serde_json::to_writer(&mut *bytes, half).map_err(|_| Unreadable)?;
    debug_assert!(bytes.len() <= room, "{} bytes in a buffer for {room}", bytes.len());
    Ok(bytes)
}

fn parse(bytes: &[u8]) -> Result<Half, Unreadable> {
    serde_json::from_slice(bytes).map_err(|_| Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(of: &[(&str, &str)]) -> Fields {
        of.iter().map(|(name, value)| ((*name).to_owned(), Zeroizing::new((*value).to_owned()))).collect()
    }

    #[test]
    fn each_half_holds_its_own_and_both_give_everything_back() {
        let known = credential_type("basic").unwrap();
        let given = fields(&[("user", "ada\u{1}\"é"), ("password", "hunter2\u{1}\u{1}\u{1}\"\\")]);
        let secret = sealable(known, &given).unwrap();
        let text = |half: &[u8]| String::from_utf8(half.to_vec()).unwrap();
        assert!(!text(&secret.shown).contains("hunter2") && !text(&secret.hidden).contains("ada"));
        let (kind, all) = read(&secret).unwrap();
        assert_eq!((kind.as_str(), all), ("basic", given));
        let field = |name: &str, value: Option<&str>, is_set| ShownField {
            name: name.to_owned(),
            value: value.map(str::to_owned),
            is_set,
        };
        let shown = shown(&secret.shown).unwrap();
        assert_eq!(shown, [field("user", Some("ada\u{1}\"é"), true), field("password", None, true)]);
    }

    #[test]
    fn what_holds_nothing_is_not_set() {
        let known = credential_type("basic").unwrap();
        let secret = sealable(known, &fields(&[("user", "ada"), ("password", "")])).unwrap();
        let shown = shown(&secret.shown).unwrap();
        assert_eq!((shown[0].is_set, shown[1].is_set), (true, false));
        assert_eq!(read(&secret).unwrap().1.len(), 1);
    }

    #[test]
    fn bytes_of_somebody_else_are_refused_and_not_repeated() {
        for bytes in [&b""[..], b"{}", b"hunter2", br#"{"type":"unknown","fields":{}}"#, &[0xff, 0xfe]] {
            assert!(!shown(bytes).unwrap_err().to_string().contains("hunter2"));
        }
    }
}
