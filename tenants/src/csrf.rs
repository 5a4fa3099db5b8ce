//! Proof that a request comes from our own pages (OWASP: signed double-submit cookie, bound to the session). The page
//! reads the cookie and sends it as a header, which no other site can do.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::context::SessionId;
use crate::fault::Fault;
use crate::token::TokenSecret;

/// The token of a session; the same for as long as the session goes on.
pub fn csrf_token(secret: &TokenSecret, session: SessionId) -> Result<String, Fault> {
    Ok(URL_SAFE_NO_PAD.encode(*secret.derive(session.0.as_bytes(), b"weft csrf v1")?))
}

/// Whether a request of this session carries its token. Takes the same time for every wrong one.
pub fn is_csrf_token(secret: &TokenSecret, session: SessionId, given: &str) -> Result<bool, Fault> {
    let expected = csrf_token(secret, session)?;
    let differs = expected.bytes().zip(given.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b));
    Ok(differs == 0 && expected.len() == given.len())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_token_serves_its_own_session_alone() {
        let secret = TokenSecret::new([7; 32]);
        let (ours, theirs) = (SessionId(Uuid::from_u128(1)), SessionId(Uuid::from_u128(2)));
        let token = csrf_token(&secret, ours).unwrap();
        assert!(is_csrf_token(&secret, ours, &token).unwrap());
        assert!(!is_csrf_token(&secret, theirs, &token).unwrap());
        assert!(!is_csrf_token(&TokenSecret::new([8; 32]), ours, &token).unwrap());
        for wrong in ["", &token[1..], &format!("{token}x")] {
            assert!(!is_csrf_token(&secret, ours, wrong).unwrap());
        }
    }
}
