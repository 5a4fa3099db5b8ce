//! Per cent signs and currencies: where they stand beside a number, and what they look like.
//!
//! icu4x has these facts in its experimental crate only, so the ones for the usual languages stand here, as the Unicode CLDR has them.

use icu_locale_core::Locale;

/// The marks of currencies where a language has none of its own for them; of all others it is the code.
const USUAL: &str = "USD=$ EUR=€ GBP=£ JPY=¥ INR=₹ BRL=R$ CNY=CN¥ KRW=₩ ILS=₪ VND=₫ CAD=CA$ AUD=A$ MXN=MX$ NZD=NZ$ TWD=NT$ HKD=HK$ \
                     PHP=₱ XAF=FCFA";

/// What languages write instead: a mark, or the code alone.
const MARKS: &[(&str, &str)] = &[
    ("en-GB", "USD=US$ JPY=JP¥"),
    ("en-CA", "USD=US$ JPY=JP¥ CAD=$"),
    ("en-AU", "USD EUR GBP JPY INR BRL CNY KRW ILS VND CAD AUD=$ MXN NZD TWD HKD PHP XAF"),
    ("en-IN", "JPY=JP¥"),
    ("en-NZ", "USD=US$ JPY=JP¥ NZD=$"),
    ("en-ZA", "USD=US$ JPY=JP¥ ZAR=R"),
    ("de", "AUD=AU$ PHP THB=฿"),
    ("de-CH", "EUR AUD=AU$ PHP THB=฿"),
    ("fr", "USD=$US GBP=£GB JPY CNY CAD=$CA AUD=$AU MXN=$MX NZD=$NZ TWD HKD PHP ARS=$AR CLP=$CL COP=$CO"),
    ("fr-CA", "USD=$\u{a0}US INR KRW ILS VND CAD=$ AUD=$\u{a0}AU MXN NZD=$\u{a0}NZ TWD HKD=$\u{a0}HK PHP XAF"),
    ("es", "USD=US$ GBP JPY INR BRL CNY KRW ILS CAD AUD MXN NZD TWD HKD PHP XAF THB=฿"),
    ("es-MX", "USD EUR GBP JPY INR BRL CNY KRW ILS VND CAD AUD MXN=$ NZD TWD HKD PHP XAF"),
    ("es-AR", "USD=US$ EUR GBP JPY INR BRL CNY KRW ILS VND CAD AUD MXN NZD TWD HKD PHP XAF ARS=$"),
    ("es-CO", "USD=US$ EUR GBP JPY INR BRL CNY KRW ILS VND CAD AUD MXN NZD TWD HKD PHP XAF COP=$"),
    ("es-CL", "USD=US$ EUR GBP JPY INR BRL CNY KRW ILS VND CAD AUD MXN NZD TWD HKD PHP XAF CLP=$"),
    ("es-US", "EUR GBP INR BRL CNY KRW ILS VND CAD AUD MXN NZD TWD HKD PHP XAF"),
    ("pt", "USD=US$ JPY=JP¥ AUD=AU$ PHP THB=฿"),
    ("it", "USD JPY INR BRL KRW VND MXN TWD HKD THB=฿"),
    ("nl", "USD=US$ JPY=JP¥ CAD=C$ AUD=AU$ PHP THB=฿"),
    ("pl", "USD GBP JPY INR CNY KRW ILS VND CAD AUD MXN NZD TWD HKD PHP PLN=zł"),
    ("ru", "PHP UAH=₴ RUB=₽ THB=฿"),
    ("uk", "USD EUR GBP INR BRL CNY KRW ILS VND CAD AUD MXN NZD TWD HKD PHP UAH=₴"),
    ("tr", "AUD=AU$ PHP TRY=₺ THB=฿"),
    ("ar", "USD=US$ GBP=UK£ JPY=JP¥ AUD=AU$ PHP THB=฿ EGP=ج.م. SAR=ر.س."),
    ("he", "PHP THB=฿"),
    ("hi el", "JPY=JP¥ PHP THB=฿"),
    ("ja", "JPY=￥ CNY=元 PHP"),
    ("ko", "USD=US$ JPY=JP¥ AUD=AU$ PHP"),
    ("zh", "USD=US$ JPY=JP¥ CNY=¥ AUD=AU$ PHP"),
    ("zh-TW", "USD=US$ KRW=￦ AUD=AU$ TWD=$ PHP"),
    ("zh-HK", "USD=US$ AUD=AU$ PHP"),
    ("sv", "USD=US$ GBP JPY INR BRL=BR$ CNY KRW VND AUD NZD TWD HKD PHP SEK=kr NOK=Nkr DKK=Dkr EGP=EG£"),
    ("nb", "USD JPY INR BRL CNY KRW ILS VND CAD AUD MXN NZD TWD HKD PHP XAF NOK=kr"),
    ("da", "USD=US$ JPY=JP¥ AUD=AU$ PHP DKK=kr. THB=฿"),
    ("cs", "USD=US$ JPY=JP¥ INR ILS VND AUD=AU$ PHP CZK=Kč"),
    ("fi", "INR BRL CNY KRW ILS VND CAD AUD MXN NZD TWD HKD PHP"),
    ("th vi", "USD=US$ AUD=AU$ PHP THB=฿"),
    ("ro", "USD EUR GBP JPY INR BRL CNY KRW ILS VND CAD AUD MXN NZD TWD HKD PHP"),
    ("hu", "USD EUR GBP INR BRL CNY KRW ILS VND CAD AUD MXN NZD TWD HKD PHP HUF=Ft"),
    ("bg", "USD=щ.д. GBP JPY INR BRL CNY KRW ILS VND CAD AUD MXN NZD TWD HKD PHP BGN=лв."),
    ("sk", "USD GBP JPY INR BRL CNY KRW ILS=NIS VND CAD AUD NZD TWD HKD PHP"),
    ("hr", "USD GBP JPY INR BRL CNY KRW ILS VND CAD AUD MXN NZD TWD HKD PHP"),
    ("id", "USD=US$ JPY=JP¥ INR=Rs AUD=AU$ PHP THB=฿ IDR=Rp"),
    ("ms", "USD JPY=JP¥ CAD MXN PHP MYR=RM"),
    ("fil", "THB=฿"),
    ("fa", "CNY=¥CN CAD=$CA MXN=$MX NZD=$NZ HKD=$HK PHP THB=฿"),
];

/// How many places currencies have after the point, where it is not two.
const PLACES: &[(f64, &str)] = &[
    (0.0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
    (3.0, "BHD IQD JOD KWD LYD OMR TND"),
    (4.0, "CLF UYW"),
];

/// How many places `currency` has after the point.
pub(super) fn places(currency: &str) -> f64 {
    PLACES.iter().find(|(_, codes)| codes.split(' ').any(|code| code == currency)).map_or(2.0, |(places, _)| *places)
}

/// The mark of `currency` in the language of `locale`.
pub(super) fn mark<'a>(locale: &Locale, currency: &'a str) -> &'a str {
    let name = country(locale);
    let own = [name.as_str(), locale.id.language.as_str()]
        .into_iter()
        .find_map(|name| MARKS.iter().find(|(names, _)| names.split(' ').any(|other| other == name)));
    own.map(|(_, marks)| *marks)
        .into_iter()
        .chain([USUAL])
        .flat_map(|marks| marks.split(' '))
        .find_map(|entry| match entry.split_once('=') {
            Some((code, mark)) => (code == currency).then_some(mark),
            None => (entry == currency).then_some(currency),
        })
        .unwrap_or(currency)
}

/// `es-AR`: the language and the country; the country of traditional characters is Taiwan.
fn country(locale: &Locale) -> String {
    let region = match (&locale.id.region, &locale.id.script) {
        (Some(region), _) => region.as_str(),
        (None, Some(script)) if script.as_str() == "Hant" => "TW",
        (None, _) => "",
    };
    format!("{}-{region}", locale.id.language)
}

/// The languages whose accountants put amounts below zero in brackets.
const BRACKETS: &str = "en fr nl nb pl sk ro bg tr ja ko zh ar th sl et ca";

/// Whether accountants put amounts below zero in brackets.
pub(super) fn has_brackets(locale: &Locale) -> bool {
    BRACKETS.split(' ').any(|language| language == locale.id.language.as_str())
}

/// A number with its per cent sign: `#` is the number, `-` the sign of a negative one.
pub(super) fn percent(locale: &Locale) -> &'static str {
    match (locale.id.language.as_str(), country(locale).as_str()) {
        (_, "de-CH" | "de-LI" | "fr-CH") => "-#%",
        ("es", name) if !matches!(name, "es-" | "es-ES") => "-#%",
        (
            "de" | "fr" | "es" | "ru" | "cs" | "da" | "ro" | "sk" | "ca" | "gl" | "mk" | "be" | "sv" | "fi" | "nb"
            | "nn" | "no" | "sl" | "hr" | "lt",
            _,
        )
        | (_, "en-DE" | "en-AT" | "en-DK" | "en-SE" | "en-FI") => "-#\u{a0}%",
        ("tr", _) => "-%#",
        ("eu", _) => "-%\u{a0}#",
        _ => "-#%",
    }
}

/// A number with its currency: `#` is the number, `¤` the mark, `-` the sign of a negative one, `~` a space that gives way to that sign.
pub(super) fn currency(locale: &Locale) -> &'static str {
    match (locale.id.language.as_str(), country(locale).as_str()) {
        (_, "de-AT" | "de-LI" | "es-AR" | "es-CO" | "pt-" | "pt-BR") | ("sw" | "mn" | "ne", _) => "-¤\u{a0}#",
        (_, "de-CH" | "it-CH" | "en-CH") => "¤~-#",
        (_, "es-CL") => "¤-#",
        ("es", name) if !matches!(name, "es-" | "es-ES") => "-¤#",
        ("nl", _) => "¤\u{a0}-#",
        ("he", _) => "\u{200f}-#\u{a0}\u{200f}¤",
        ("ar", _) => "\u{200f}-#\u{a0}¤",
        ("fa", _) => "-\u{200e}¤#",
        ("bn" | "km", _) => "-#¤",
        (
            "de" | "fr" | "es" | "pt" | "it" | "pl" | "ru" | "cs" | "da" | "el" | "bg" | "sk" | "sr" | "lv" | "vi"
            | "ca" | "gl" | "sq" | "mk" | "bs" | "ka" | "hy" | "az" | "kk" | "uz" | "my" | "be" | "uk" | "ro" | "hu"
            | "is" | "sv" | "fi" | "nb" | "nn" | "no" | "sl" | "hr" | "lt" | "et" | "eu",
            _,
        )
        | (_, "en-150") => "-#\u{a0}¤",
        _ => "-¤#",
    }
}

/// `number` in one of the places above.
pub(super) fn placed(place: &str, number: &str, sign: &str, mark: &str) -> String {
    let mut out = String::with_capacity(place.len() + number.len() + mark.len());
    for symbol in place.chars() {
        match symbol {
            '#' => out.push_str(number),
            '-' => out.push_str(sign),
            '¤' => out.push_str(mark),
            '~' if sign.is_empty() => out.push('\u{a0}'),
            '~' => {}
            other => out.push(other),
        }
        // Letters do not touch the number.
        let letter = |end: Option<char>| end.is_some_and(char::is_alphabetic);
        let touches = (symbol == '¤' && place.ends_with("¤#") && letter(mark.chars().next_back()))
            || (symbol == '#' && place.ends_with("#¤") && letter(mark.chars().next()));
        if touches {
            out.push('\u{a0}');
        }
    }
    out
}
