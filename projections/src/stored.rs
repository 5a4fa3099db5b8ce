//! How our types lie in columns.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use weft_model::Position;

/// A position as `bigint`; a log never comes near 2^63 events.
pub(crate) fn bigint(position: Position) -> i64 {
    i64::try_from(position.0).unwrap_or(i64::MAX)
}

/// A `bigint` that was a position.
pub(crate) fn position(number: i64) -> Position {
    Position(u64::try_from(number).unwrap_or_default())
}

/// A moment as `timestamptz`, which keeps microseconds.
pub(crate) fn timestamptz(at: Timestamp) -> jiff_sqlx::Timestamp {
    at.to_sqlx()
}

/// Text for a `text` column, which holds every character but NUL; a name from a foreign file may have one. JSON columns are of
/// type `json` for the same reason: `jsonb` takes no NUL, and forgets the order of keys.
pub(crate) fn text(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains('\0') { text.replace('\0', "\u{fffd}").into() } else { text.into() }
}

/// Who did something, as the text of a column: `member:<id>`, `identity:<id>` or `system`.
pub(crate) fn actor(actor: weft_model::Actor) -> String {
    use weft_model::Actor;
    match actor {
        Actor::Member(id) => format!("member:{id}"),
        Actor::Identity(id) => format!("identity:{id}"),
        Actor::System => "system".to_owned(),
    }
}

/// The reverse of [`actor`]; what cannot be read was the platform.
pub(crate) fn actor_of(text: &str) -> weft_model::Actor {
    use weft_model::Actor;
    match text.split_once(':').map(|(kind, id)| (kind, id.parse::<uuid::Uuid>())) {
        Some(("member", Ok(id))) => Actor::Member(id.into()),
        Some(("identity", Ok(id))) => Actor::Identity(id.into()),
        _ => Actor::System,
    }
}
