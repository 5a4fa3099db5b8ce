//! JSON Web Tokens (RFC 7519) with the keys of a credential.

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, EncodingKey, Header, TokenData, Validation};
use serde_json::{Map, Value as Json};

use crate::credentials::Opened;

/// The type of credential that signs tokens and checks them.
pub(crate) const JWT_TYPE: &str = "jwt";

/// The claims of a token, or its header.
pub(crate) type Claims = Map<String, Json>;

/// Why a token is none, or cannot be made. Nothing of key or token is repeated.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JwtFault {
    /// The credential has no key that fits its algorithm.
    #[error("The credential has no {0} for its algorithm, or one that cannot be read. Keys are written in PEM.")]
    Key(&'static str),
    /// It is no token at all.
    #[error("This is not a JSON Web Token.")]
    Malformed,
    /// It is signed in another way than the credential says.
    #[error("The token is signed with another algorithm than the credential's.")]
    Algorithm,
    /// Somebody else signed it, or it was changed.
    #[error("The signature of the token is wrong.")]
    Signature,
    /// It is over.
    #[error("The token has expired.")]
    Expired,
    /// It does not hold yet.
    #[error("The token is not valid yet.")]
    TooEarly,
}

/// The moment at which a token is checked, and what of its time is not looked at.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Lenience {
    /// Now, in seconds of Unix.
    pub now: i64,
    /// One that has expired is taken.
    pub expired: bool,
    /// One that does not hold yet is taken.
    pub too_early: bool,
    /// How far clocks may differ, in seconds.
    pub seconds: u64,
}

/// The algorithm of a credential.
pub(crate) fn algorithm(opened: &Opened) -> Algorithm {
    opened.field("algorithm").parse().unwrap_or_default()
}

/// Signs claims.
pub(crate) fn sign(opened: &Opened, header: &Header, claims: &Claims) -> Result<String, JwtFault> {
    let private = opened.field("privateKey").as_bytes();
    let key = match family(header.alg) {
        AlgorithmFamily::Hmac if opened.field("secret").is_empty() => return Err(JwtFault::Key("secret")),
        AlgorithmFamily::Hmac => Ok(EncodingKey::from_secret(opened.field("secret").as_bytes())),
        AlgorithmFamily::Rsa => EncodingKey::from_rsa_pem(private),
        AlgorithmFamily::Ec => EncodingKey::from_ec_pem(private),
        AlgorithmFamily::Ed => EncodingKey::from_ed_pem(private),
    };
    let key = key.map_err(|_| JwtFault::Key("private key"))?;
    jsonwebtoken::encode(header, claims, &key).map_err(|_| JwtFault::Key("private key"))
}

/// Header and claims of a token that this credential's key signed, with this algorithm and no other.
pub(crate) fn verify(
    opened: &Opened,
    algorithm: Algorithm,
    token: &str,
    lenience: Lenience,
) -> Result<TokenData<Claims>, JwtFault> {
    let public = opened.field("publicKey").as_bytes();
    let key = match family(algorithm) {
        AlgorithmFamily::Hmac if opened.field("secret").is_empty() => return Err(JwtFault::Key("secret")),
        AlgorithmFamily::Hmac => Ok(DecodingKey::from_secret(opened.field("secret").as_bytes())),
        AlgorithmFamily::Rsa => DecodingKey::from_rsa_pem(public),
        AlgorithmFamily::Ec => DecodingKey::from_ec_pem(public),
        AlgorithmFamily::Ed => DecodingKey::from_ed_pem(public),
    };
    let key = key.map_err(|_| JwtFault::Key("public key"))?;
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_aud = false;
    // The crate would ask the machine's clock; a step has its own.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    let data = jsonwebtoken::decode(token.trim(), &key, &validation).map_err(|error| match error.kind() {
        ErrorKind::InvalidSignature => JwtFault::Signature,
        ErrorKind::InvalidAlgorithm => JwtFault::Algorithm,
        _ => JwtFault::Malformed,
    })?;
    lenience.check(&data.claims)?;
    Ok(data)
}

impl Lenience {
    /// RFC 7519, sections 4.1.4 and 4.1.5. A time that is no number makes a token that nobody can judge.
    fn check(self, claims: &Claims) -> Result<(), JwtFault> {
        let time = |name: &str| match claims.get(name) {
            Some(time) => time.as_f64().map(Some).ok_or(JwtFault::Malformed),
            None => Ok(None),
        };
        let (now, spare) = (self.now as f64, self.seconds as f64);
        if !self.expired && time("exp")?.is_some_and(|end| now >= end + spare) {
            return Err(JwtFault::Expired);
        }
        if !self.too_early && time("nbf")?.is_some_and(|begin| now + spare < begin) {
            return Err(JwtFault::TooEarly);
        }
        Ok(())
    }
}

fn family(algorithm: Algorithm) -> AlgorithmFamily {
    let families = [AlgorithmFamily::Hmac, AlgorithmFamily::Rsa, AlgorithmFamily::Ec];
    let found = families.into_iter().find(|family| family.algorithms().contains(&algorithm));
    found.unwrap_or(AlgorithmFamily::Ed)
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    fn opened(fields: &[(&str, &str)]) -> Opened {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), Zeroizing::new((*value).to_owned())));
        Opened { kind: JWT_TYPE.into(), fields: fields.collect() }
    }

    /// RFC 7515, appendix A.1, with a text for a key.
    const TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";

    #[test]
    fn a_known_token_is_read() {
        let key = opened(&[("secret", "your-256-bit-secret")]);
        let data = verify(&key, Algorithm::HS256, TOKEN, Lenience::default()).unwrap();
        assert_eq!((data.claims["name"].as_str(), data.header.alg), (Some("John Doe"), Algorithm::HS256));
    }

    #[test]
    fn a_token_of_somebody_else_is_refused_and_told_apart() {
        let key = opened(&[("secret", "your-256-bit-secret")]);
        let other = opened(&[("secret", "another")]);
        let refused = |key, algorithm, token: &str| verify(key, algorithm, token, Lenience::default()).unwrap_err();
        assert!(matches!(refused(&other, Algorithm::HS256, TOKEN), JwtFault::Signature));
        assert!(matches!(refused(&key, Algorithm::HS512, TOKEN), JwtFault::Algorithm));
        let keyless = opened(&[]);
        assert!(matches!(refused(&keyless, Algorithm::HS256, TOKEN), JwtFault::Key("secret")));
        assert!(matches!(refused(&key, Algorithm::RS256, TOKEN), JwtFault::Key("public key")));
        for token in ["", "a.b.c", "é", "a"] {
            assert!(matches!(refused(&key, Algorithm::HS256, token), JwtFault::Malformed), "{token}");
        }
        let unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.";
        assert!(matches!(refused(&key, Algorithm::HS256, unsigned), JwtFault::Malformed | JwtFault::Algorithm));
    }

    #[test]
    fn the_time_of_a_token_is_looked_at_unless_one_is_lenient() {
        let key = opened(&[("secret", "s")]);
        let header = Header::new(Algorithm::HS384);
        let token =
            |claim: &str, at: Json| sign(&key, &header, &[(claim.to_owned(), at)].into_iter().collect()).unwrap();
        let (old, early) = (token("exp", 1_000.into()), token("nbf", 3_000.into()));
        let at = Lenience { now: 2_000, ..Lenience::default() };
        let check = |token: &str, lenience| verify(&key, Algorithm::HS384, token, lenience).map(|_| ());
        assert!(matches!(check(&old, at), Err(JwtFault::Expired)));
        assert!(matches!(check(&early, at), Err(JwtFault::TooEarly)));
        let lenient = Lenience { expired: true, too_early: true, ..at };
        assert!(check(&old, lenient).is_ok() && check(&early, lenient).is_ok());
        for (token, seconds, is_taken) in
            [(&old, 1_000, false), (&old, 1_001, true), (&early, 1_000, true), (&early, 999, false)]
        {
            assert_eq!(check(token, Lenience { seconds, ..at }).is_ok(), is_taken, "{seconds}");
        }
        assert!(matches!(check(&token("exp", "soon".into()), at), Err(JwtFault::Malformed)));
    }
}
