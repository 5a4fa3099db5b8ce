//! The data that is made up.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use weft_value::{Object, Value};

use crate::random::Random;

/// The most characters of an id.
pub(super) const LONGEST_ID: f64 = 1_000.0;

/// What can be made up.
#[derive(Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Data {
    Address,
    LatLong,
    CreditCard,
    Email,
    Ipv4,
    Ipv6,
    MacAddress,
    Nanoid,
    Url,
    User,
    Uuid,
    Semver,
}

const FIRST_NAMES: &[&str] = &[
    "Amina", "Bruno", "Chloe", "Dimitri", "Elena", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kenji", "Lucia",
    "Mateo", "Nadia", "Oscar", "Priya", "Quentin", "Rosa", "Samir", "Thea", "Ugo", "Vera", "Wanda", "Xavier", "Yara",
    "Zeno",
];

const LAST_NAMES: &[&str] = &[
    "Almeida", "Bauer", "Costa", "Dubois", "Eriksen", "Fontaine", "Garcia", "Haddad", "Ivanov", "Jensen", "Kimura",
    "Lopez", "Moreau", "Novak", "Okafor", "Peters", "Quintero", "Rossi", "Schmidt", "Tanaka", "Urban", "Vidal",
    "Weber", "Xu", "Young", "Zimmer",
];

const STREETS: &[&str] =
    &["Main Street", "Park Avenue", "Rose Lane", "Mill Road", "Station Road", "Oak Drive", "River Walk", "High Street"];

/// Cities, what they are a part of, and their country.
const CITIES: &[&[&str; 3]] = &[
    &["Lyon", "Auvergne-Rhône-Alpes", "France"],
    &["Nantes", "Pays de la Loire", "France"],
    &["Leipzig", "Saxony", "Germany"],
    &["Porto", "Norte", "Portugal"],
    &["Bologna", "Emilia-Romagna", "Italy"],
    &["Portland", "Oregon", "United States"],
    &["Halifax", "Nova Scotia", "Canada"],
    &["Kyoto", "Kansai", "Japan"],
];

const WORDS: &[&str] = &["amber", "brook", "cedar", "delta", "ember", "field", "grove", "harbor", "island", "lagoon"];

/// Numbers that payment services publish for tests: brand, number, digits of the check value.
const CARDS: &[(&str, &str, usize)] = &[
    ("Visa", "4111111111111111", 3),
    ("Visa", "4242424242424242", 3),
    ("Mastercard", "5555555555554444", 3),
    ("Mastercard", "5105105105105100", 3),
    ("Amex", "378282246310005", 4),
    ("Discover", "6011111111111117", 3),
];

/// What data is made up from.
pub(super) struct Making {
    pub(super) random: Random,
    /// The characters and the length of an id.
    pub(super) id: (Vec<char>, usize),
    pub(super) now: Timestamp,
}

impl Making {
    /// One made-up object.
    pub(super) fn object(&mut self, data: Data) -> Object {
        match data {
            Data::Address => self.address(),
            Data::LatLong => {
                let (latitude, longitude) = (self.degrees(90), self.degrees(180));
                one("location", format!("{latitude:.6}, {longitude:.6}"))
            }
            Data::CreditCard => self.card(),
            Data::Email => {
                let email = self.person().email;
                [("email", Value::from(email)), ("confirmed", Value::Bool(self.random.below(2) == 1))]
                    .into_iter()
                    .collect()
            }
            Data::Ipv4 => {
                let parts: Vec<String> = (0..4).map(|_| (1 + self.random.below(254)).to_string()).collect();
                one("ip", parts.join("."))
            }
            Data::Ipv6 => one("ipv6", self.groups(8, 4)),
            Data::MacAddress => one("mac", self.groups(6, 2)),
            Data::Nanoid => one("nanoId", self.random.word(self.id.1, &self.id.0)),
            Data::Url => {
                let (host, page) = (self.random.one_of(WORDS), self.random.one_of(WORDS));
                one("url", format!("https://{host}.example.com/{page}"))
            }
            Data::User => self.user(),
            Data::Uuid => one("uuid", self.uuid()),
            Data::Semver => {
                let parts: Vec<String> = (0..3).map(|_| self.random.below(20).to_string()).collect();
                one("version", parts.join("."))
            }
        }
    }

    fn person(&mut self) -> Person {
        let (first, last) = (self.random.one_of(FIRST_NAMES), self.random.one_of(LAST_NAMES));
        let number = self.random.below(1_000);
        let email = format!("{}.{}{number}@example.com", first.to_lowercase(), last.to_lowercase());
        Person { first, last, email }
    }

    fn user(&mut self) -> Object {
        let Person { first, last, email } = self.person();
        let letters: Vec<char> = ('a'..='z').chain('A'..='Z').chain('0'..='9').collect();
        let password = self.random.word(15, &letters);
        texts([
            ("uid", self.uuid()),
            ("email", email),
            ("firstname", first.into()),
            ("lastname", last.into()),
            ("password", password),
        ])
    }

    fn address(&mut self) -> Object {
        let Person { first, last, .. } = self.person();
        let street = format!("{} {}", 1 + self.random.below(200), self.random.one_of(STREETS));
        let [city, state, country] = *self.random.one_of(CITIES);
        let zip = self.digits(5);
        texts([
            ("firstname", first.into()),
            ("lastname", last.into()),
            ("street", street),
            ("city", city.into()),
            ("zip", zip),
            ("state", state.into()),
            ("country", country.into()),
        ])
    }

    /// A card that is good for some years yet.
    fn card(&mut self) -> Object {
        let Person { first, last, .. } = self.person();
        let (brand, number, check) = CARDS[self.random.below(CARDS.len())];
        let year = i64::from(self.now.to_zoned(TimeZone::UTC).year()) + 1 + self.random.below(4) as i64;
        texts([
            ("type", brand.into()),
            ("number", number.into()),
            ("ccv", self.digits(check)),
            ("exp", format!("{:02}/{:02}", 1 + self.random.below(12), year % 100)),
            ("holder_name", format!("{first} {last}")),
        ])
    }

    /// Degrees to either side of zero.
    fn degrees(&mut self, most: usize) -> f64 {
        self.random.below(2 * most * 1_000_000 + 1) as f64 / 1e6 - most as f64
    }

    fn digits(&mut self, count: usize) -> String {
        let digits: Vec<char> = ('0'..='9').collect();
        self.random.word(count, &digits)
    }

    /// So many groups of so many hexadecimal digits, with colons between them.
    fn groups(&mut self, count: usize, length: usize) -> String {
        let digits: Vec<char> = ('0'..='9').chain('a'..='f').collect();
        (0..count).map(|_| self.random.word(length, &digits)).collect::<Vec<_>>().join(":")
    }

    /// A random UUID (RFC 9562, section 5.4).
    fn uuid(&mut self) -> String {
        let high = (self.random.bits() & !0xf000) | 0x4000;
        let low = (self.random.bits() & (u64::MAX >> 2)) | (1 << 63);
        format!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xffff,
            low >> 48,
            low & 0xffff_ffff_ffff
        )
    }
}

struct Person {
    first: &'static str,
    last: &'static str,
    email: String,
}

fn one(name: &str, text: String) -> Object {
    texts([(name, text)])
}

fn texts<'a>(fields: impl IntoIterator<Item = (&'a str, String)>) -> Object {
    fields.into_iter().map(|(name, text)| (name, Value::from(text))).collect()
}
