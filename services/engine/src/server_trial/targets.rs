//! Which credentials are tried by signing in, and at what.

/// What is signed in to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Storage,
    Machine,
    Files,
    Server(Protocol),
}

/// What a server speaks that is signed in to and left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    Postgres,
    MySql,
    MsSql,
    MongoDb,
    Redis,
    Mqtt,
    RabbitMq,
    Kafka,
    Nats,
    Ldap,
    Smtp,
    Imap,
}

/// The types that are tried here.
const TYPES: [(&str, Target); 18] = [
    ("aws", Target::Storage),
    ("s3", Target::Storage),
    ("sshPassword", Target::Machine),
    ("sshPrivateKey", Target::Machine),
    ("sftp", Target::Machine),
    ("ftp", Target::Files),
    ("postgres", Target::Server(Protocol::Postgres)),
    ("mysql", Target::Server(Protocol::MySql)),
    ("mssql", Target::Server(Protocol::MsSql)),
    ("mongodb", Target::Server(Protocol::MongoDb)),
    ("redis", Target::Server(Protocol::Redis)),
    ("mqtt", Target::Server(Protocol::Mqtt)),
    ("rabbitmq", Target::Server(Protocol::RabbitMq)),
    ("kafka", Target::Server(Protocol::Kafka)),
    ("nats", Target::Server(Protocol::Nats)),
    ("ldap", Target::Server(Protocol::Ldap)),
    ("smtp", Target::Server(Protocol::Smtp)),
    ("imap", Target::Server(Protocol::Imap)),
];

/// What a credential of that type signs in to, where it is tried here.
pub(crate) fn target(kind: &str) -> Option<Target> {
    TYPES.iter().find(|(known, _)| *known == kind).map(|(_, target)| *target)
}

/// Which fields prove something, of types whose servers may let anybody in who proves nothing.
pub(super) const PROOFS: [(&str, &[&str]); 3] =
    [("mqtt", &["user", "password"]), ("nats", &["user", "password", "token", "keys"]), ("postgres", &["password"])];

#[cfg(test)]
mod tests {
    use weft_nodes::credential::TYPES as ALL;

    use super::*;
    use crate::sign_in::HTTP_TYPES;

    /// What proves something only to whoever is shown it in a workflow.
    const NOT_TRIED: [&str; 4] = ["secret", "keyPair", "jwt", "totp"];

    #[test]
    fn every_type_is_tried_or_known_not_to_be() {
        for known in ALL {
            let ways =
                [target(known.kind).is_some(), HTTP_TYPES.contains(&known.kind), NOT_TRIED.contains(&known.kind)];
            assert!(ways.contains(&true), "say how a credential of type {} is tried, or that it is not", known.kind);
        }
        for kind in TYPES.map(|(kind, _)| kind).into_iter().chain(PROOFS.map(|(kind, _)| kind)).chain(NOT_TRIED) {
            assert!(ALL.iter().any(|known| known.kind == kind), "{kind} is no type");
        }
    }
}
