//! Who may call at all, before anybody proves anything: from which addresses, people or programs too, and from which pages.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use weft_nodes::{Parameter, ParameterType, Problem, field, label};

/// What the names of programs that read the web by themselves have in them, in small letters.
const WORDS: [&str; 16] = [
    "crawl",
    "spider",
    "slurp",
    "headless",
    "preview",
    "externalhit",
    "scrap",
    "monitor",
    "lighthouse",
    "archive",
    "http:",
    "https:",
    "@",
    "fetch",
    "scan",
    "whatsapp",
];
/// A telephone whose name ends like that of a robot.
const NO_ROBOT: &str = "cubot";

/// Who may call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Access {
    /// From where; everywhere where it is empty.
    #[serde(skip_serializing_if = "Networks::are_all")]
    ip_whitelist: Networks,
    /// Whether programs that say what they are, and whatever is no browser, are turned away.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    ignore_bots: bool,
}

/// Why somebody is turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TurnedAway {
    /// Its address is not among those that may call.
    #[error("Nobody may call this from where you are.")]
    Address,
    /// It is no person with a browser.
    #[error("This is for people with a browser, not for programs.")]
    Robot,
}

impl Access {
    /// Whether a caller at this address is let in who calls itself so; nothing is what says nothing of itself.
    pub fn admit(&self, address: IpAddr, agent: Option<&str>) -> Result<(), TurnedAway> {
        if !self.ip_whitelist.contain(address) {
            return Err(TurnedAway::Address);
        }
        if self.ignore_bots && agent.is_some_and(is_robot) {
            return Err(TurnedAway::Robot);
        }
        Ok(())
    }

    /// Tells what cannot be read; `path` is where its parameters are.
    pub(crate) fn check(&self, path: &str) -> Result<(), Vec<Problem>> {
        let Some(wrong) = self.ip_whitelist.wrong.first() else { return Ok(()) };
        let message = format!(
            "“{wrong}” is no address. Write addresses (203.0.113.5) and networks (10.1.0.0/16, fd00::/8), separated by commas."
        );
        Err(vec![Problem::error("parameter_invalid", message, format!("{path}ipWhitelist"))])
    }
}

/// The parameters of [`Access`].
pub(crate) fn access_form() -> [Parameter; 2] {
    [
        field(ParameterType::String, "ipWhitelist", label("Only from these addresses", "Seulement depuis ces adresses"))
            .literal()
            .example("203.0.113.5, 10.1.0.0/16")
            .help(
                "Addresses and networks, separated by commas. Empty: from everywhere. Behind a proxy, WEFT_TRUSTED_PROXIES must name it.",
                "Adresses et réseaux, séparés par des virgules. Vide : depuis partout. Derrière un proxy, WEFT_TRUSTED_PROXIES doit le nommer.",
            ),
        field(ParameterType::Boolean, "ignoreBots", label("Turn robots away", "Écarter les robots"))
            .literal()
            .or(false)
            .help(
                "Crawlers, previews of links and everything else that is no browser get 403.",
                "Les robots d’indexation, les aperçus de liens et tout ce qui n’est pas un navigateur reçoivent 403.",
            ),
    ]
}

/// Addresses and networks as somebody wrote them. What cannot be read lets nobody in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(from = "String", into = "String")]
struct Networks {
    known: Vec<IpNet>,
    wrong: Vec<String>,
}

impl From<String> for Networks {
    fn from(text: String) -> Self {
        let mut networks = Self::default();
        for entry in text.split([',', '\n']).map(str::trim).filter(|entry| !entry.is_empty()) {
            match network(entry) {
                Some(network) => networks.known.push(network),
                None => networks.wrong.push(entry.to_owned()),
            }
        }
        networks
    }
}

impl From<Networks> for String {
    fn from(networks: Networks) -> Self {
        let known = networks.known.iter().map(ToString::to_string);
        known.chain(networks.wrong).collect::<Vec<_>>().join(", ")
    }
}

impl Networks {
    fn are_all(&self) -> bool {
        self.known.is_empty() && self.wrong.is_empty()
    }

    fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.are_all() || self.known.iter().any(|network| network.contains(&address))
    }
}

fn network(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(|address| address.to_canonical().into()))
}

/// Whether a program calls itself one: by a word of its name, or by not looking like a browser, which begins with `Mozilla/5.0`
/// or `Opera/`, says its system in brackets and then its engine.
fn is_robot(agent: &str) -> bool {
    let agent = agent.trim().to_ascii_lowercase();
    if agent.is_empty() {
        return false;
    }
    let names_itself = agent.replace(NO_ROBOT, "").contains("bot") || WORDS.iter().any(|word| agent.contains(word));
    let system = agent.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
    let has_engine = system.is_some_and(|(_, engine)| !engine.trim().is_empty());
    let is_browser = (agent.starts_with("mozilla/") || agent.starts_with("opera/")) && has_engine;
    names_itself || !is_browser
}

/// The pages that may call from a browser, by their origins (`https://example.com`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins(Option<Vec<String>>);

impl Origins {
    /// As somebody wrote them: `*`, or origins separated by commas. Nothing is every page.
    pub(crate) fn of(text: &str) -> Self {
        let origins: Vec<String> =
            text.split(',').map(|origin| origin.trim().trim_end_matches('/').to_owned()).collect();
        let are_all = text.trim().is_empty() || origins.iter().any(|origin| origin == "*");
        Self((!are_all).then_some(origins))
    }

    /// Whether every page may.
    pub fn are_all(&self) -> bool {
        self.0.is_none()
    }

    /// Whether pages of this origin may.
    pub fn contain(&self, origin: &str) -> bool {
        self.0.as_ref().is_none_or(|known| known.iter().any(|known| known.eq_ignore_ascii_case(origin)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(json: &str) -> Access {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn who_is_not_listed_is_turned_away() {
        let listed = |text: &str| access(&serde_json::json!({ "ipWhitelist": text }).to_string());
        for (list, address, is_in) in [
            ("", "203.0.113.5", true),
            (" , ", "203.0.113.5", true),
            ("203.0.113.5", "203.0.113.5", true),
            ("203.0.113.5", "203.0.113.50", false),
            ("203.0.113.5", "::ffff:203.0.113.5", true),
            ("10.0.0.1, 203.0.113.0/24", "203.0.113.77", true),
            ("10.0.0.1, 203.0.113.0/24", "203.0.114.1", false),
            ("fd00::/8\n10.0.0.1", "fd12::1", true),
            ("fd00::/8", "10.0.0.1", false),
            // What cannot be read opens nothing.
            ("nowhere", "203.0.113.5", false),
            ("={{ $env.IPS }}", "203.0.113.5", false),
        ] {
            let access = listed(list);
            assert_eq!(access.admit(address.parse().unwrap(), None).is_ok(), is_in, "{list} {address}");
            let again: Access = serde_json::from_str(&serde_json::to_string(&access).unwrap()).unwrap();
            assert_eq!(again, access, "it is the same for a step that waits");
        }
        for wrong in ["nowhere", "10.0.0.0/33", "10.0.0.1, 10.0.0.1:80"] {
            assert_eq!(listed(wrong).check("options.").unwrap_err()[0].field.as_deref(), Some("options.ipWhitelist"));
        }
        assert!(listed("10.0.0.0/8, ::1").check("").is_ok());
    }

    #[test]
    fn robots_are_told_from_browsers() {
        let access = access(r#"{"ignoreBots":true}"#);
        let here = IpAddr::from([127, 0, 0, 1]);
        for (agent, is_robot) in [
            ("", false),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", false),
            (
                "Mozilla/5.0 (Linux; Android 13; CUBOT P80) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36",
                false,
            ),
            ("Mozilla/5.0 (compatible; Examplebot/2.1; +http://example.com/bot.html)", true),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/130.0 Safari/537.36",
                true,
            ),
            ("ExampleLinkPreview/1.0", true),
            ("curl/8.5.0", true),
            ("Mozilla/5.0", true),
        ] {
            assert_eq!(access.admit(here, Some(agent)).is_err(), is_robot, "{agent}");
        }
        assert!(access.admit(here, None).is_ok());
        assert!(Access::default().admit(here, Some("curl/8.5.0")).is_ok());
    }

    #[test]
    fn pages_are_known_by_their_origin() {
        for (text, origin, may) in [
            ("", "https://a.example", true),
            ("*", "https://a.example", true),
            ("https://a.example, https://b.example/", "https://b.example", true),
            ("https://a.example", "HTTPS://A.example", true),
            ("https://a.example", "https://a.example.evil.example", false),
            ("https://a.example", "null", false),
        ] {
            assert_eq!(Origins::of(text).contain(origin), may, "{text} {origin}");
        }
    }
}
