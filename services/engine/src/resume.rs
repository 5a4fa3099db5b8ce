//! The address at which a waiting execution is called.

use std::fmt;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use uuid::Uuid;
use weft_model::ExecutionId;

/// Where a tenant's waiting executions are called. Whoever does not know the key cannot make the address of an execution, even
/// if its identity is known.
#[derive(Clone)]
pub struct ResumeAddress {
    base: Arc<str>,
    key: [u8; 32],
}

impl fmt::Debug for ResumeAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResumeAddress").field("base", &self.base).finish_non_exhaustive()
    }
}

impl ResumeAddress {
    /// Addresses below `base`, that of every hook, that are made with `key`, which is the tenant's own.
    pub fn new(base: &str, key: [u8; 32]) -> Self {
        Self { base: base.trim_end_matches('/').into(), key }
    }

    /// The address of an execution.
    pub fn of(&self, execution: ExecutionId) -> String {
        format!("{}/waiting/{}", self.base, self.token(execution))
    }

    /// The address of an execution's pages.
    pub fn form(&self, execution: ExecutionId) -> String {
        format!("{}/forms/{}", self.base, self.token(execution))
    }

    /// The execution whose address ends with `token`.
    pub fn read(&self, token: &str) -> Option<ExecutionId> {
        let (execution, _) = token.split_at_checked(32)?;
        let execution = ExecutionId(Uuid::try_parse(execution).ok()?);
        let expected = self.token(execution);
        // Every byte is looked at, so that the time it takes says nothing about how many were right.
        let differs = expected.bytes().zip(token.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b));
        (differs == 0 && expected.len() == token.len()).then_some(execution)
    }

    /// What the addresses of an execution end with.
    pub fn token(&self, execution: ExecutionId) -> String {
        format!("{}{}", execution.0.simple(), hex::encode(&self.signature(execution)[..16]))
    }

    /// HMAC-SHA-256 (RFC 2104) of the execution's identity.
    fn signature(&self, execution: ExecutionId) -> [u8; 32] {
        let mut block = [0; 64];
        block[..32].copy_from_slice(&self.key);
        let inner = Sha256::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(execution.0).finalize();
        Sha256::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_back_and_nothing_else_is() {
        let (address, id) = (ResumeAddress::new("http://x/hooks/", [7; 32]), ExecutionId(Uuid::from_u128(5)));
        let url = address.of(id);
        let token = url.strip_prefix("http://x/hooks/waiting/").unwrap();
        assert_eq!((token.len(), address.form(id)), (64, format!("http://x/hooks/forms/{token}")));
        assert_eq!(address.read(token), Some(id));
        assert_eq!(ResumeAddress::new("", [8; 32]).read(token), None, "another tenant's");
        for wrong in [&token[..63], &format!("{token}0"), "", "é", &token.replace('0', "1"), &"é".repeat(32)] {
            assert_eq!(address.read(wrong), None, "{wrong}");
        }
    }
}
