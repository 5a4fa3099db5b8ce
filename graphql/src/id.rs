//! Global ids (<https://relay.dev/graphql/objectidentification.htm>): base64 of `Type:uuid`. Opaque to clients.

use async_graphql::ID;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

/// Whose id it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GlobalId {
    /// A tenant.
    Tenant(Uuid),
    /// A member.
    Member(Uuid),
    /// A variable.
    Variable(Uuid),
    /// A credential.
    Credential(Uuid),
    /// A workflow.
    Workflow(Uuid),
    /// An execution.
    Execution(Uuid),
    /// An audit entry, by its position.
    AuditEntry(u64),
}

impl GlobalId {
    /// The id as clients see it.
    pub fn encode(self) -> ID {
        let text = match self {
            Self::Tenant(id) => format!("Tenant:{id}"),
            Self::Member(id) => format!("Member:{id}"),
            Self::Variable(id) => format!("Variable:{id}"),
            Self::Credential(id) => format!("Credential:{id}"),
            Self::Workflow(id) => format!("Workflow:{id}"),
            Self::Execution(id) => format!("Execution:{id}"),
            Self::AuditEntry(position) => format!("AuditEntry:{position}"),
        };
        ID(STANDARD.encode(text))
    }

    /// What a client's id stands for; `None` when it is none of ours, which is answered like an id of nothing.
    pub fn decode(id: &ID) -> Option<Self> {
        let text = String::from_utf8(STANDARD.decode(id.as_bytes()).ok()?).ok()?;
        let (kind, id) = text.split_once(':')?;
        Some(match kind {
            "Tenant" => Self::Tenant(id.parse().ok()?),
            "Member" => Self::Member(id.parse().ok()?),
            "Variable" => Self::Variable(id.parse().ok()?),
            "Credential" => Self::Credential(id.parse().ok()?),
            "Workflow" => Self::Workflow(id.parse().ok()?),
            "Execution" => Self::Execution(id.parse().ok()?),
            "AuditEntry" => Self::AuditEntry(id.parse().ok()?),
            _ => return None,
        })
    }
}

macro_rules! ids {
    ($($function:ident: $variant:ident => $id:ident),+ $(,)?) => {$(
        /// What a client's id stands for, where it is the id of such a thing.
        pub(crate) fn $function(id: &ID) -> Option<weft_model::$id> {
            if let GlobalId::$variant(id) = GlobalId::decode(id)? { Some(weft_model::$id(id)) } else { None }
        }

        impl From<weft_model::$id> for GlobalId {
            fn from(id: weft_model::$id) -> Self {
                Self::$variant(id.0)
            }
        }
    )+};
}

ids! {
    member_id: Member => MemberId,
    variable_id: Variable => VariableId,
    credential_id: Credential => CredentialId,
    workflow_id: Workflow => WorkflowId,
    execution_id: Execution => ExecutionId,
}

/// The id of something that has one.
pub(crate) fn global(id: impl Into<GlobalId>) -> ID {
    id.into().encode()
}

/// A node's id: a plain UUID that the client made.
pub(crate) fn plain(id: weft_model::NodeId) -> ID {
    ID(id.to_string())
}

/// Reads a UUID that the client made.
pub(crate) fn uuid(id: &ID) -> Option<Uuid> {
    id.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_says_what_it_is_of_and_nothing_else_is_an_id() {
        let id = Uuid::from_u128(7);
        for global in [GlobalId::Workflow(id), GlobalId::Execution(id), GlobalId::AuditEntry(9), GlobalId::Tenant(id)] {
            assert_eq!(GlobalId::decode(&global.encode()), Some(global));
        }
        assert_eq!(workflow_id(&GlobalId::Execution(id).encode()), None);
        for text in
            ["", "x", "Workflow:1", &id.to_string(), &STANDARD.encode("Workflow:1"), &STANDARD.encode("Robot:1")]
        {
            assert_eq!(GlobalId::decode(&ID::from(text)), None, "{text}");
        }
    }
}
