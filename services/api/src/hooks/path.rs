//! Paths with parameters: `orders/:id/lines`.

use weft_value::{Object, Value};

/// The parameters of `path` where it has the shape of `pattern`; a parameter takes one whole segment, decoded.
pub fn match_path(pattern: &str, path: &str) -> Option<Value> {
    let mut wanted = pattern.trim_matches('/').split('/');
    let mut given = path.trim_matches('/').split('/');
    let mut parameters = Object::new();
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(Value::from(parameters)),
            (Some(wanted), Some(given)) => match wanted.strip_prefix(':') {
                Some(_) if given.is_empty() => return None,
                Some(name) => parameters.insert(name, decode(given)),
                None if wanted == decode(given) => {}
                None => return None,
            },
            _ => return None,
        }
    }
}

fn decode(segment: &str) -> String {
    percent_encoding::percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_take_whole_segments() {
        let matched = |pattern, path| match_path(pattern, path).map(|value| value.to_json());
        assert_eq!(matched("orders", "/orders/").as_deref(), Some("{}"));
        assert_eq!(matched("", "").as_deref(), Some("{}"));
        assert_eq!(matched("orders/:id", "orders/a%20b").as_deref(), Some("{\"id\":\"a b\"}"));
        assert_eq!(matched("orders/:id/lines", "orders/7").as_deref(), None);
        assert_eq!(matched("orders/:id", "orders/").as_deref(), None);
        assert_eq!(matched("orders", "Orders").as_deref(), None);
        assert_eq!(matched("caf\u{e9}", "caf%C3%A9").as_deref(), Some("{}"));
    }
}
