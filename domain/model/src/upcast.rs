//! Old shapes of events, brought to the current one when they are read.
//!
//! A shipped event is never edited. To change a shape: give its variant the wire name `….v2` (here and in its serde tag), add
//! the [`Upcaster`] from version 1 to the literal list below, and add golden files of the new shape; those of the old one stay
//! for ever and prove that it is still read.

use serde_json::{Map, Value};

/// Brings the fields of one event from the shape of version `from` to that of the version after it.
pub(crate) struct Upcaster {
    /// The event's name without its version.
    pub wire_type: &'static str,
    /// The version that it reads.
    pub from: i16,
    /// The change.
    pub change: fn(&mut Map<String, Value>),
}

/// Every upcaster.
pub(crate) const UPCASTERS: &[Upcaster] = &[
    // Version 2 can say how much of the graph is executed; before, all of it was.
    Upcaster { wire_type: "execution.queued", from: 1, change: |_| {} },
];

/// The current version and body of an event stored as `version`; `None` when no upcaster reads it, since it is current.
pub(crate) fn upcast(
    upcasters: &[Upcaster],
    wire_type: &str,
    mut version: i16,
    body: &[u8],
) -> Result<Option<(i16, Vec<u8>)>, serde_json::Error> {
    let find = |version| upcasters.iter().find(|up| up.from == version && up.wire_type == wire_type);
    if find(version).is_none() {
        return Ok(None);
    }
    let mut fields: Map<String, Value> = serde_json::from_slice(body)?;
    while let Some(upcaster) = find(version) {
        (upcaster.change)(&mut fields);
        version += 1;
    }
    Ok(Some((version, serde_json::to_vec(&fields)?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DecodeError, Event, member::Role};

    /// Two steps, as if `member.role_changed` had once been `{"admin": bool}`, then `{"rank": number}`.
    const STEPS: &[Upcaster] = &[
        Upcaster {
            wire_type: "member.role_changed",
            from: -1,
            change: |fields| {
                let admin = fields.remove("admin") == Some(Value::Bool(true));
                fields.insert("rank".into(), Value::from(u8::from(admin)));
            },
        },
        Upcaster {
            wire_type: "member.role_changed",
            from: 0,
            change: |fields| {
                let rank = fields.remove("rank").and_then(|rank| rank.as_u64());
                fields.insert("role".into(), Value::from(if rank == Some(1) { "admin" } else { "viewer" }));
            },
        },
    ];

    fn read(version: i16, body: &str) -> Result<Event, DecodeError> {
        Event::decode_with(STEPS, "member.role_changed", version, body.as_bytes())
    }

    #[test]
    fn an_old_shape_goes_through_every_step_to_the_current_one() {
        let admin = Event::from(crate::member::MemberEvent::RoleChanged { role: Role::Admin });
        assert_eq!(read(-1, r#"{"admin":true}"#).unwrap(), admin);
        assert_eq!(read(0, r#"{"rank":1}"#).unwrap(), admin);
        assert_eq!(read(1, r#"{"role":"admin"}"#).unwrap(), admin);
    }

    #[test]
    fn an_old_body_that_is_not_an_object_is_malformed_and_not_a_panic() {
        assert!(matches!(read(0, "[1]"), Err(DecodeError::Malformed { version: 0, .. })));
    }
}
