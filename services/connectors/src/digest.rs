//! HTTP's Digest authentication (RFC 7616): reads what a server asks for and answers it.
//!
//! Written here since the known crates bring their own randomness and client, and hold the secret in strings that nobody wipes.

use md5::Md5;
use sha2::digest::Digest;
use sha2::{Sha256, Sha512_256};
use zeroize::Zeroizing;

use crate::message::HttpResponse;

/// What a server asks for before it serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    realm: String,
    nonce: String,
    opaque: Option<String>,
    /// As the server wrote it; none means MD5.
    algorithm: Option<String>,
    hash: Hash,
    has_session: bool,
    has_qop: bool,
    hides_user: bool,
}

/// Who answers, and for which request.
pub struct Answering<'a> {
    /// The user.
    pub user: &'a str,
    /// The password.
    pub password: &'a str,
    /// The method of the request.
    pub method: &'a str,
    /// Its path and query.
    pub target: &'a str,
    /// Something that the server cannot foresee, in letters and digits.
    pub nonce: &'a str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Hash {
    Md5,
    Sha512_256,
    Sha256,
}

impl Challenge {
    /// The strongest challenge in an answer that can be answered.
    pub fn of(answer: &HttpResponse) -> Option<Self> {
        let headers = answer.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("www-authenticate"));
        let found = headers.flat_map(|(_, value)| schemes(value));
        let digests = found.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("digest"));
        digests.filter_map(|(_, parameters)| Self::read(&parameters)).max_by_key(|challenge| challenge.hash)
    }

    fn read(parameters: &[(String, String)]) -> Option<Self> {
        let get = |name: &str| {
            let named = parameters.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            named.map(|(_, value)| value.clone())
        };
        let algorithm = get("algorithm");
        let word = algorithm.as_deref().unwrap_or("MD5").to_ascii_uppercase();
        let (plain, has_session) = word.strip_suffix("-SESS").map_or((word.as_str(), false), |plain| (plain, true));
        let hash = match plain {
            "MD5" => Hash::Md5,
            "SHA-256" => Hash::Sha256,
            "SHA-512-256" => Hash::Sha512_256,
            _ => return None,
        };
        let qop = get("qop");
        let signs_request_alone = |qop: &String| qop.split(',').any(|one| one.trim().eq_ignore_ascii_case("auth"));
        // Without `auth` only `auth-int` is left, which signs the body, too; nobody is known to ask for that alone.
        if qop.as_ref().is_some_and(|qop| !signs_request_alone(qop)) {
            return None;
        }
        Some(Self {
            realm: get("realm")?,
            nonce: get("nonce")?,
            opaque: get("opaque"),
            algorithm,
            hash,
            has_session,
            has_qop: qop.is_some(),
            hides_user: get("userhash").is_some_and(|hides| hides.eq_ignore_ascii_case("true")),
        })
    }

    /// The header `Authorization` that answers this (RFC 7616, section 3.4), for the first request with this nonce.
    pub fn answer(&self, answering: &Answering<'_>) -> String {
        let response = self.response(answering);
        let mut parts = vec![self.user(answering.user)];
        let mut quoted = |name: &str, value: &str| parts.push(format!("{name}=\"{}\"", escaped(value)));
        quoted("realm", &self.realm);
        quoted("nonce", &self.nonce);
        quoted("uri", answering.target);
        quoted("response", &response);
        if let Some(opaque) = &self.opaque {
            quoted("opaque", opaque);
        }
        if self.has_qop || self.has_session {
            quoted("cnonce", answering.nonce);
        }
        if let Some(algorithm) = &self.algorithm {
            parts.push(format!("algorithm={algorithm}"));
        }
        if self.has_qop {
            parts.push(format!("qop=auth, nc={FIRST}"));
        }
        if self.hides_user {
            parts.push("userhash=true".to_owned());
        }
        format!("Digest {}", parts.join(", "))
    }

    fn user(&self, user: &str) -> String {
        if self.hides_user {
            return format!("username=\"{}\"", self.hashed(&[user, &self.realm]).as_str());
        }
        if user.is_ascii() {
            return format!("username=\"{}\"", escaped(user));
        }
        // RFC 8187: what a header cannot hold, as the bytes of UTF-8.
        let hex = hex::encode_upper(user);
        let bytes: Vec<&str> = (0..hex.len()).step_by(2).map(|place| &hex[place..place + 2]).collect();
        format!("username*=UTF-8''%{}", bytes.join("%"))
    }

    fn response(&self, answering: &Answering<'_>) -> String {
        let Answering { user, password, method, target, nonce } = answering;
        let mut first = self.hashed(&[user, &self.realm, password]);
        if self.has_session {
            first = self.hashed(&[&first, &self.nonce, nonce]);
        }
        let second = self.hashed(&[method, target]);
        let response = if self.has_qop {
            self.hashed(&[&first, &self.nonce, FIRST, nonce, "auth", &second])
        } else {
            self.hashed(&[&first, &self.nonce, &second])
        };
        response.to_string()
    }

    fn hashed(&self, parts: &[&str]) -> Zeroizing<String> {
        match self.hash {
            Hash::Md5 => joined::<Md5>(parts),
            Hash::Sha256 => joined::<Sha256>(parts),
            Hash::Sha512_256 => joined::<Sha512_256>(parts),
        }
    }
}

/// How often the nonce was used, counting this time.
const FIRST: &str = "00000001";

fn joined<D: Digest>(parts: &[&str]) -> Zeroizing<String> {
    let mut digest = D::new();
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            digest.update(b":");
        }
        digest.update(part.as_bytes());
    }
    Zeroizing::new(hex::encode(digest.finalize()))
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"")
}

type Scheme = (String, Vec<(String, String)>);

/// The challenges of one header (RFC 9110, section 11.6.1): a comma stands between parameters and between challenges alike.
fn schemes(header: &str) -> Vec<Scheme> {
    let mut found: Vec<Scheme> = Vec::new();
    let mut rest = header;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',', '=']);
        if rest.is_empty() {
            return found;
        }
        let (word, after) = token(rest);
        let value = after.trim_start_matches([' ', '\t']).strip_prefix('=');
        match (value, found.last_mut()) {
            (Some(value), Some((_, parameters))) => {
                let (value, after) = value_of(value.trim_start_matches([' ', '\t']));
                parameters.push((word.to_owned(), value));
                rest = after;
            }
            (Some(after), None) => rest = after,
            (None, _) if word.is_empty() => rest = rest.get(1..).unwrap_or_default(),
            (None, _) => {
                found.push((word.to_owned(), Vec::new()));
                rest = after;
            }
        }
    }
}

fn token(text: &str) -> (&str, &str) {
    text.split_at(text.find([' ', '\t', ',', '=', '"']).unwrap_or(text.len()))
}

fn value_of(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let (word, rest) = token(text);
        return (word.to_owned(), rest);
    };
    let mut value = String::new();
    let mut letters = quoted.char_indices();
    while let Some((place, letter)) = letters.next() {
        match letter {
            '"' => return (value, &quoted[place + 1..]),
            '\\' => value.extend(letters.next().map(|(_, escaped)| escaped)),
            letter => value.push(letter),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(headers: &[&str]) -> Option<Challenge> {
        let headers = headers.iter().map(|value| ("www-authenticate".to_owned(), (*value).to_owned())).collect();
        let answer = HttpResponse { status: 401, reason: None, headers, body: bytes::Bytes::new(), url: String::new() };
        Challenge::of(&answer)
    }

    const MUFASA: Answering<'_> = Answering {
        user: "Mufasa",
        password: "Circle of Life",
        method: "GET",
        target: "/dir/index.html",
        nonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
    };

    /// RFC 7616, section 3.9.1.
    fn of_the_rfc(algorithm: &str) -> String {
        format!(
            "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm={algorithm}, \
             nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""
        )
    }

    #[test]
    fn the_examples_of_the_standard_are_answered_as_it_says() {
        for (algorithm, response) in [
            ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
            ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
        ] {
            let answer = asked(&[&of_the_rfc(algorithm)]).unwrap().answer(&MUFASA);
            assert!(
                answer.starts_with("Digest username=\"Mufasa\", realm=\"http-auth@example.org\", nonce="),
                "{answer}"
            );
            for part in [
                format!("response=\"{response}\""),
                format!("algorithm={algorithm}"),
                "uri=\"/dir/index.html\"".to_owned(),
                "qop=auth, nc=00000001".to_owned(),
                "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"".to_owned(),
                "cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\"".to_owned(),
            ] {
                assert!(answer.contains(&part), "{part} is missing in {answer}");
            }
        }
    }

    /// RFC 2617, section 3.5, without what it added to RFC 2069.
    #[test]
    fn a_server_of_the_old_kind_is_answered_in_the_old_way() {
        let asked = asked(&["Digest realm=\"r\", nonce=\"n\""]).unwrap();
        let (user, password) = ("u", "p");
        let answer = asked.answer(&Answering { user, password, method: "GET", target: "/", nonce: "c" });
        let first = joined::<Md5>(&["u", "r", "p"]);
        let expected = joined::<Md5>(&[&first, "n", &joined::<Md5>(&["GET", "/"])]);
        assert!(answer.contains(&format!("response=\"{}\"", expected.as_str())));
        assert!(!answer.contains("cnonce") && !answer.contains("qop") && !answer.contains("algorithm"), "{answer}");
    }

    #[test]
    fn the_strongest_challenge_is_taken_wherever_it_stands() {
        let sha = of_the_rfc("SHA-256");
        let both = format!("Basic realm=\"a, b\", {}, {sha}", of_the_rfc("MD5"));
        for headers in [&[both.as_str()][..], &["Negotiate abc==", &sha, &of_the_rfc("MD5")]] {
            assert_eq!(asked(headers).unwrap().hash, Hash::Sha256, "{headers:?}");
        }
    }

    #[test]
    fn what_cannot_be_answered_is_no_challenge() {
        for header in [
            "",
            "Basic realm=\"x\"",
            "Digest realm=\"x\"",
            "Digest realm=\"x\", nonce=\"y\", algorithm=WHIRLPOOL",
            "Digest realm=\"x\", nonce=\"y\", qop=\"auth-int\"",
            "= , \"",
            "Digest realm=\"x",
            "é",
        ] {
            assert_eq!(asked(&[header]), None, "{header}");
        }
    }

    #[test]
    fn names_of_every_script_can_be_sent() {
        let challenge = asked(&["Digest realm=\"a\\\"b\", nonce=\"n\", charset=UTF-8"]).unwrap();
        let answer = challenge.answer(&Answering { user: "Zoë", ..MUFASA });
        assert!(answer.contains("username*=UTF-8''%5A%6F%C3%AB") && answer.contains("realm=\"a\\\"b\""), "{answer}");
        let hidden = asked(&["Digest realm=\"r\", nonce=\"n\", userhash=true"]).unwrap();
        let answer = hidden.answer(&Answering { user: "Zoë", ..MUFASA });
        assert!(answer.contains("userhash=true") && answer.is_ascii() && !answer.contains("UTF-8"), "{answer}");
    }
}
