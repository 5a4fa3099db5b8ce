//! What the server's error numbers mean (<https://kafka.apache.org/protocol.html#protocol_error_codes>).

use super::wire::Topic;
use crate::{Failure, Refused};

pub(super) const NONE: i16 = 0;
pub(super) const UNKNOWN_TOPIC: i16 = 3;
pub(super) const NO_LEADER: i16 = 5;
const MOVED: i16 = 6;
const TIMED_OUT: i16 = 7;
const TOO_FEW_COPIES_AFTER: i16 = 20;

/// Whether the server did nothing, and may do it when the cluster has settled.
pub(super) fn is_passing(code: i16) -> bool {
    matches!(code, NO_LEADER | MOVED)
}

/// That a message may have been taken, since the connection to the cluster failed when it was on its way.
pub(super) fn not_confirmed(failure: &Failure) -> Failure {
    let message = format!("The message may have arrived, but was not confirmed: {failure}");
    Failure::InDoubt(Box::new(Refused { code: String::new(), message, detail: None }))
}

/// Why a message was not taken, or not for sure.
pub(super) fn failure_of(code: i16, topic: &Topic) -> Failure {
    let name = topic.as_str();
    let message = match code {
        UNKNOWN_TOPIC => format!("Kafka has no topic “{name}”, and makes none by itself."),
        NO_LEADER | MOVED => format!("The topic “{name}” has no leader that could take messages. Try again later."),
        TIMED_OUT | TOO_FEW_COPIES_AFTER => "Kafka did not confirm the message in time.".to_owned(),
        10 | 18 => "Kafka takes no message as large as this one.".to_owned(),
        19 => format!("Too few copies of the topic “{name}” are in step for Kafka to take messages."),
        29 | 31 => format!("The user may not write to the topic “{name}” of Kafka."),
        76 => "This server does not know this compression.".to_owned(),
        other => format!("Kafka refused it with the error {other}."),
    };
    let refused = Box::new(Refused { code: code.to_string(), message, detail: None });
    if matches!(code, TIMED_OUT | TOO_FEW_COPIES_AFTER) { Failure::InDoubt(refused) } else { Failure::Refused(refused) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_have_happened_is_in_doubt() {
        let topic = Topic::new("orders").unwrap();
        for code in [3, 5, 6, 10, 18, 19, 29, 31, 76, 87, -1] {
            let failure = failure_of(code, &topic);
            assert!(matches!(&failure, Failure::Refused(refused) if refused.code == code.to_string()), "{code}");
            assert!(!failure.may_have_arrived());
        }
        for code in [7, 20] {
            assert!(failure_of(code, &topic).may_have_arrived(), "{code}");
        }
    }
}
