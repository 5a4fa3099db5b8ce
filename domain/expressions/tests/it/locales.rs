//! Dates and numbers in the languages of many countries.
//!
//! The expected texts are those of Node 20 (`Intl`, CLDR 48). Six differ, since icu4x reads a later CLDR (49) or takes another of its patterns for
//! a date with the day of the week: the full dates in Hindi, Finnish, Danish and Persian, the halves of the day in Korean.

use crate::{check, check_all};

/// The 5th of March 2026, 14:07:09: `D`, `DD`, `DDDD`, `t`, a date with a time, the month alone, the day of the week alone.
const DATES: &[(&str, [&str; 7])] = &[
    (
        "en-US",
        ["3/5/2026", "Mar 5, 2026", "Thursday, March 5, 2026", "2:07 PM", "3/5/2026, 2:07:09 PM", "March", "Thu"],
    ),
    ("en-GB", ["05/03/2026", "5 Mar 2026", "Thursday, 5 March 2026", "14:07", "05/03/2026, 14:07:09", "March", "Thu"]),
    ("de", ["5.3.2026", "5. März 2026", "Donnerstag, 5. März 2026", "14:07", "5.3.2026, 14:07:09", "März", "Do"]),
    ("fr", ["05/03/2026", "5 mars 2026", "jeudi 5 mars 2026", "14:07", "05/03/2026 14:07:09", "mars", "jeu."]),
    ("de-CH", ["5.3.2026", "5. März 2026", "Donnerstag, 5. März 2026", "14:07", "5.3.2026, 14:07:09", "März", "Do"]),
    ("es", ["5/3/2026", "5 mar 2026", "jueves, 5 de marzo de 2026", "14:07", "5/3/2026, 14:07:09", "marzo", "jue"]),
    (
        "es-MX",
        ["5/3/2026", "5 mar 2026", "jueves, 5 de marzo de 2026", "2:07 p.m.", "5/3/2026, 2:07:09 p.m.", "marzo", "jue"],
    ),
    (
        "pt-BR",
        [
            "05/03/2026",
            "5 de mar. de 2026",
            "quinta-feira, 5 de março de 2026",
            "14:07",
            "05/03/2026, 14:07:09",
            "março",
            "qui.",
        ],
    ),
    ("it", ["05/03/2026", "5 mar 2026", "giovedì 5 marzo 2026", "14:07", "05/03/2026, 14:07:09", "marzo", "gio"]),
    ("nl", ["5-3-2026", "5 mrt 2026", "donderdag 5 maart 2026", "14:07", "5-3-2026, 14:07:09", "maart", "do"]),
    ("pl", ["5.03.2026", "5 mar 2026", "czwartek, 5 marca 2026", "14:07", "5.03.2026, 14:07:09", "marzec", "czw."]),
    ("ru", ["05.03.2026", "5 мар. 2026 г.", "четверг, 5 марта 2026 г.", "14:07", "05.03.2026, 14:07:09", "март", "чт"]),
    (
        "uk",
        [
            "05.03.2026",
            "5 бер. 2026 р.",
            "четвер, 5 березня 2026 р.",
            "14:07",
            "05.03.2026, 14:07:09",
            "березень",
            "чт",
        ],
    ),
    ("tr", ["05.03.2026", "5 Mar 2026", "5 Mart 2026 Perşembe", "14:07", "05.03.2026 14:07:09", "Mart", "Per"]),
    (
        "ar",
        [
            "5\u{200f}/3\u{200f}/2026",
            "5 مارس 2026",
            "الخميس، 5 مارس 2026",
            "2:07 م",
            "5\u{200f}/3\u{200f}/2026، 2:07:09 م",
            "مارس",
            "الخميس",
        ],
    ),
    (
        "ar-EG",
        [
            "٥\u{200f}/٣\u{200f}/٢٠٢٦",
            "٥ مارس ٢٠٢٦",
            "الخميس، ٥ مارس ٢٠٢٦",
            "٢:٠٧ م",
            "٥\u{200f}/٣\u{200f}/٢٠٢٦، ٢:٠٧:٠٩ م",
            "مارس",
            "الخميس",
        ],
    ),
    ("he", ["5.3.2026", "5 במרץ 2026", "יום חמישי, 5 במרץ 2026", "14:07", "5.3.2026, 14:07:09", "מרץ", "יום ה׳"]),
    ("hi", ["5/3/2026", "5 मार्च 2026", "गुरुवार, 5 मार्च, 2026", "2:07 pm", "5/3/2026, 2:07:09 pm", "मार्च", "गुरु"]),
    ("ja", ["2026/3/5", "2026年3月5日", "2026年3月5日木曜日", "14:07", "2026/3/5 14:07:09", "3月", "木"]),
    (
        "ko",
        [
            "2026. 3. 5.",
            "2026년 3월 5일",
            "2026년 3월 5일 목요일",
            "오후 2:07",
            "2026. 3. 5. 오후 2:07:09",
            "3월",
            "목",
        ],
    ),
    ("zh-CN", ["2026/3/5", "2026年3月5日", "2026年3月5日星期四", "14:07", "2026/3/5 14:07:09", "三月", "周四"]),
    ("zh-TW", ["2026/3/5", "2026年3月5日", "2026年3月5日星期四", "下午2:07", "2026/3/5 下午2:07:09", "3月", "週四"]),
    ("sv", ["2026-03-05", "5 mars 2026", "torsdag 5 mars 2026", "14:07", "2026-03-05 14:07:09", "mars", "tors"]),
    ("cs", ["5. 3. 2026", "5. 3. 2026", "čtvrtek 5. března 2026", "14:07", "5. 3. 2026 14:07:09", "březen", "čt"]),
    (
        "fi",
        ["5.3.2026", "5.3.2026", "torstai 5. maaliskuuta 2026", "14.07", "5.3.2026 klo 14.07.09", "maaliskuu", "to"],
    ),
    ("da", ["5.3.2026", "5. mar. 2026", "torsdag 5. marts 2026", "14.07", "5.3.2026, 14.07.09", "marts", "tors."]),
    ("nb", ["5.3.2026", "5. mars 2026", "torsdag 5. mars 2026", "14:07", "5.3.2026, 14:07:09", "mars", "tor."]),
    (
        "el",
        ["5/3/2026", "5 Μαρ 2026", "Πέμπτη 5 Μαρτίου 2026", "2:07 μ.μ.", "5/3/2026, 2:07:09 μ.μ.", "Μαρτίου", "Πέμ"],
    ),
    (
        "hu",
        [
            "2026. 03. 05.",
            "2026. márc. 5.",
            "2026. március 5., csütörtök",
            "14:07",
            "2026. 03. 05. 14:07:09",
            "március",
            "Cs",
        ],
    ),
    ("ro", ["05.03.2026", "5 mar. 2026", "joi, 5 martie 2026", "14:07", "05.03.2026, 14:07:09", "martie", "joi"]),
    ("th", ["5/3/2569", "5 มี.ค. 2569", "วันพฤหัสบดีที่ 5 มีนาคม 2569", "14:07", "5/3/2569 14:07:09", "มีนาคม", "พฤหัส"]),
    (
        "fa",
        ["۱۴۰۴/۱۲/۱۴", "۱۴ اسفند ۱۴۰۴", "پنجشنبه ۱۴ اسفند ۱۴۰۴", "۱۴:۰۷", "۱۴۰۴/۱۲/۱۴, ۱۴:۰۷:۰۹", "اسفند", "پنجشنبه"],
    ),
];

/// -1234567.891; 1234.5 with two places; 0.256 per cent; 1234.5 euros; -5 dollars.
const NUMBERS: &[(&str, [&str; 5])] = &[
    ("en-US", ["-1,234,567.891", "1,234.50", "26%", "€1,234.50", "-$5.00"]),
    ("en-GB", ["-1,234,567.891", "1,234.50", "26%", "€1,234.50", "-US$5.00"]),
    ("de", ["-1.234.567,891", "1.234,50", "26\u{a0}%", "1.234,50\u{a0}€", "-5,00\u{a0}$"]),
    (
        "fr",
        ["-1\u{202f}234\u{202f}567,891", "1\u{202f}234,50", "26\u{a0}%", "1\u{202f}234,50\u{a0}€", "-5,00\u{a0}$US"],
    ),
    ("de-CH", ["-1'234'567.891", "1'234.50", "26%", "EUR\u{a0}1'234.50", "$-5.00"]),
    ("es", ["-1.234.567,891", "1234,50", "26\u{a0}%", "1234,50\u{a0}€", "-5,00\u{a0}US$"]),
    ("es-MX", ["-1,234,567.891", "1,234.50", "26%", "EUR\u{a0}1,234.50", "-USD\u{a0}5.00"]),
    ("pt-BR", ["-1.234.567,891", "1.234,50", "26%", "€\u{a0}1.234,50", "-US$\u{a0}5,00"]),
    ("it", ["-1.234.567,891", "1234,50", "26%", "1234,50\u{a0}€", "-5,00\u{a0}USD"]),
    ("nl", ["-1.234.567,891", "1.234,50", "26%", "€\u{a0}1.234,50", "US$\u{a0}-5,00"]),
    ("pl", ["-1\u{a0}234\u{a0}567,891", "1234,50", "26%", "1234,50\u{a0}€", "-5,00\u{a0}USD"]),
    ("ru", ["-1\u{a0}234\u{a0}567,891", "1\u{a0}234,50", "26\u{a0}%", "1\u{a0}234,50\u{a0}€", "-5,00\u{a0}$"]),
    ("uk", ["-1\u{a0}234\u{a0}567,891", "1\u{a0}234,50", "26%", "1\u{a0}234,50\u{a0}EUR", "-5,00\u{a0}USD"]),
    ("tr", ["-1.234.567,891", "1.234,50", "%26", "€1.234,50", "-$5,00"]),
    (
        "ar",
        [
            "\u{200e}-1,234,567.891",
            "1,234.50",
            "26\u{200e}%\u{200e}",
            "\u{200f}1,234.50\u{a0}€",
            "\u{200f}\u{200e}-5.00\u{a0}US$",
        ],
    ),
    (
        "ar-EG",
        ["\u{61c}-١٬٢٣٤٬٥٦٧٫٨٩١", "١٬٢٣٤٫٥٠", "٢٦٪\u{61c}", "\u{200f}١٬٢٣٤٫٥٠\u{a0}€", "\u{61c}-\u{200f}٥٫٠٠\u{a0}US$"],
    ),
    (
        "he",
        [
            "\u{200e}-1,234,567.891",
            "1,234.50",
            "26%",
            "\u{200f}1,234.50\u{a0}\u{200f}€",
            "\u{200f}\u{200e}-5.00\u{a0}\u{200f}$",
        ],
    ),
    ("hi", ["-12,34,567.891", "1,234.50", "26%", "€1,234.50", "-$5.00"]),
    ("ja", ["-1,234,567.891", "1,234.50", "26%", "€1,234.50", "-$5.00"]),
    ("ko", ["-1,234,567.891", "1,234.50", "26%", "€1,234.50", "-US$5.00"]),
    ("zh-CN", ["-1,234,567.891", "1,234.50", "26%", "€1,234.50", "-US$5.00"]),
    ("zh-TW", ["-1,234,567.891", "1,234.50", "26%", "€1,234.50", "-US$5.00"]),
    ("sv", ["−1\u{a0}234\u{a0}567,891", "1\u{a0}234,50", "26\u{a0}%", "1\u{a0}234,50\u{a0}€", "−5,00\u{a0}US$"]),
    ("cs", ["-1\u{a0}234\u{a0}567,891", "1\u{a0}234,50", "26\u{a0}%", "1\u{a0}234,50\u{a0}€", "-5,00\u{a0}US$"]),
    ("fi", ["−1\u{a0}234\u{a0}567,891", "1\u{a0}234,50", "26\u{a0}%", "1\u{a0}234,50\u{a0}€", "−5,00\u{a0}$"]),
    ("da", ["-1.234.567,891", "1.234,50", "26\u{a0}%", "1.234,50\u{a0}€", "-5,00\u{a0}US$"]),
    ("nb", ["−1\u{a0}234\u{a0}567,891", "1\u{a0}234,50", "26\u{a0}%", "1\u{a0}234,50\u{a0}€", "−5,00\u{a0}USD"]),
    ("el", ["-1.234.567,891", "1.234,50", "26%", "1.234,50\u{a0}€", "-5,00\u{a0}$"]),
    ("hu", ["-1\u{a0}234\u{a0}567,891", "1234,50", "26%", "1234,50\u{a0}EUR", "-5,00\u{a0}USD"]),
    ("ro", ["-1.234.567,891", "1.234,50", "26\u{a0}%", "1.234,50\u{a0}EUR", "-5,00\u{a0}USD"]),
    ("th", ["-1,234,567.891", "1,234.50", "26%", "€1,234.50", "-US$5.00"]),
    ("fa", ["\u{200e}−۱٬۲۳۴٬۵۶۷٫۸۹۱", "۱٬۲۳۴٫۵۰", "۲۶٪", "\u{200e}€۱٬۲۳۴٫۵۰", "\u{200e}−\u{200e}$۵٫۰۰"]),
];

const MOMENT: &str = "DateTime.fromISO('2026-03-05T14:07:09', { zone: 'utc' })";

#[track_caller]
fn shows(source: &str, expected: &str) {
    check(source, &weft_value::Value::from(expected).to_json());
}

#[test]
fn dates_are_written_as_their_readers_write_them() {
    for (tag, [numbers, medium, full, time, both, month, day]) in DATES {
        // A zone with rules: in UTC, Luxon writes narrow spaces.
        let moment = format!("{MOMENT}.setZone('Africa/Abidjan').setLocale('{tag}')");
        let date = format!("new Date('2026-03-05T14:07:09Z').toLocaleString('{tag}'");
        shows(&format!("{moment}.toFormat('D')"), numbers);
        shows(&format!("{moment}.toFormat('DD')"), medium);
        shows(&format!("{moment}.toLocaleString(DateTime.DATE_HUGE)"), full);
        shows(&format!("{date}, {{ hour: 'numeric', minute: '2-digit', timeZone: 'UTC' }})"), time);
        shows(&format!("{date}, {{ timeZone: 'UTC' }})"), both);
        shows(&format!("{date}, {{ month: 'long', timeZone: 'UTC' }})"), month);
        shows(&format!("{date}, {{ weekday: 'short', timeZone: 'UTC' }})"), day);
    }
}

#[test]
fn numbers_are_written_as_their_readers_write_them() {
    for (tag, [number, places, percent, euros, dollars]) in NUMBERS {
        shows(&format!("(-1234567.891).toLocaleString('{tag}')"), number);
        shows(&format!("(1234.5).toLocaleString('{tag}', {{ minimumFractionDigits: 2 }})"), places);
        shows(&format!("new Intl.NumberFormat('{tag}', {{ style: 'percent' }}).format(0.256)"), percent);
        shows(&format!("(1234.5).toLocaleString('{tag}', {{ style: 'currency', currency: 'EUR' }})"), euros);
        shows(&format!("(-5).format('{tag}', {{ style: 'currency', currency: 'USD' }})"), dollars);
    }
}

#[test]
fn what_a_language_writes_it_reads() {
    let tags = "de fr es pt-BR it nl pl ru uk tr ar-EG he hi ja ko zh-CN zh-TW sv cs fi";
    for tag in tags.split(' ') {
        for month in 1..=12 {
            for pattern in ["d MMMM yyyy", "yyyy LLLL dd", "cccc d MMM yyyy HH:mm", "D", "DDD", "h:mm a, d.M.yyyy"] {
                let moment =
                    format!("DateTime.fromISO('2026-{month:02}-07', {{ locale: '{tag}' }}).setLocale('{tag}')");
                let read =
                    format!("DateTime.fromFormat({moment}.toFormat('{pattern}'), '{pattern}', {{ locale: '{tag}' }})");
                check(&format!("{read}.toISODate()"), &format!("\"2026-{month:02}-07\""));
            }
        }
    }
    check_all(&[
        ("DateTime.fromFormat('7 GRUDNIA 2026', 'd MMMM yyyy', { locale: 'pl' }).toISODate()", r#""2026-12-07""#),
        ("DateTime.fromFormat('7. listopadu 2026', 'd. MMMM yyyy', { locale: 'cs' }).toISODate()", r#""2026-11-07""#),
        ("DateTime.fromFormat('٠٧/١٢/٢٠٢٦', 'dd/MM/yyyy', { locale: 'ar-EG' }).toISODate()", r#""2026-12-07""#),
        ("DateTime.fromFormat('7 nonsense 2026', 'd MMMM yyyy', { locale: 'pl' }).isValid", "false"),
    ]);
}

#[test]
fn tokens_of_luxon_speak_every_language() {
    let cases = [
        ("fr", "EEEE d MMMM", "jeudi 5 mars"),
        ("pl", "d MMMM, LLLL", "5 marca, marzec"),
        ("ru", "MMMM LLLL LLL ccc", "марта март март чт"),
        ("fi", "cccc, EEEE, LLLL", "torstai, torstaina, maaliskuu"),
        ("zh-TW", "cccc LLLL a", "星期四 3月 下午"),
        ("ar-EG", "yyyy-MM-dd HH:mm", "٢٠٢٦-٠٣-٠٥ ١٤:٠٧"),
        ("de", "G GG", "n. Chr. n. Chr."),
        ("ja", "G ccccc", "西暦 木"),
        ("th", "d MMMM yyyy", "5 มีนาคม 2026"),
        ("de", "ZZZZZ", "UTC"),
        ("en", "ZZZZ ZZZZZ G", "UTC UTC AD"),
    ];
    for (tag, pattern, expected) in cases {
        shows(&format!("{MOMENT}.setLocale('{tag}').toFormat('{pattern}')"), expected);
    }
}

#[test]
fn options_choose_the_fields_and_their_widths() {
    let cases = [
        ("'de', { dateStyle: 'medium' }", "05.03.2026"),
        ("'de', { dateStyle: 'full', timeStyle: 'short' }", "Donnerstag, 5. März 2026 um 14:07"),
        ("'fr', { dateStyle: 'short' }", "05/03/2026"),
        (
            "'de', { month: 'short', day: '2-digit', year: 'numeric', hour: 'numeric', minute: 'numeric' }",
            "05. März 2026, 14:07",
        ),
        (
            "'pt-PT', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }",
            "quinta-feira, 5 de março de 2026",
        ),
        ("'ko', { weekday: 'long', day: 'numeric', month: 'numeric', year: 'numeric' }", "2026. 3. 5. 목요일"),
        ("'en', { month: 'narrow' }", "M"),
        ("'en', { weekday: 'narrow' }", "T"),
        ("'en', { minute: '2-digit', second: '2-digit' }", "07:09"),
        ("'en', { hour: 'numeric', hourCycle: 'h23' }", "14"),
        ("'de', { hour: 'numeric', minute: '2-digit', hour12: true }", "2:07 PM"),
        (
            "'en', { hour: 'numeric', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 }",
            "2:07:09.000 PM",
        ),
        ("'en', { year: 'numeric', era: 'short' }", "2026 AD"),
        ("'en', { year: 'numeric', month: 'long', hour: 'numeric' }", "March 2026 at 2 PM"),
        ("'en-u-ca-buddhist', { year: 'numeric' }", "2569 BE"),
        ("'ar-u-nu-latn', { year: 'numeric', month: 'long' }", "مارس 2026"),
        ("'en-u-hc-h23', { hour: 'numeric', minute: 'numeric' }", "14:07"),
        ("'fr', { hour: 'numeric', minute: 'numeric', timeZoneName: 'short' }", "14:07 UTC"),
        (
            "'fr', { hour: 'numeric', minute: 'numeric', timeZoneName: 'long', timeZone: 'Europe/Berlin' }",
            "15:07 heure normale d’Europe centrale",
        ),
    ];
    for (args, expected) in cases {
        let args = if args.contains("timeZone:") { args.to_owned() } else { args.replace(" }", ", timeZone: 'UTC' }") };
        shows(&format!("new Date('2026-03-05T14:07:09Z').toLocaleString({args})"), expected);
    }
    shows("new Intl.DateTimeFormat('en', { hour: 'numeric', timeZone: 'UTC' }).format(new Date(0))", "12 AM");
}

#[test]
fn digits_are_rounded_and_signs_are_shown_as_javascript_does() {
    let cases = [
        ("1.005, 'en', { maximumFractionDigits: 2 }", "1.01"),
        ("2.5, 'en', { maximumFractionDigits: 0 }", "3"),
        ("-0.001, 'en', { maximumFractionDigits: 2 }", "-0"),
        ("1e21, 'en'", "1,000,000,000,000,000,000,000"),
        ("1e-7, 'en', { maximumFractionDigits: 10 }", "0.0000001"),
        ("5, 'en', { minimumIntegerDigits: 5 }", "00,005"),
        ("123456, 'de', { maximumSignificantDigits: 3 }", "123.000"),
        ("1.5, 'de', { minimumSignificantDigits: 3 }", "1,50"),
        ("0.000123456, 'en', { maximumSignificantDigits: 3 }", "0.000123"),
        ("0, 'en', { maximumSignificantDigits: 3 }", "0"),
        ("1 / 0, 'de'", "∞"),
        ("-1 / 0, 'sv'", "−∞"),
        ("0 / 0, 'en', { style: 'percent' }", "NaN%"),
        ("5, 'en', { signDisplay: 'always' }", "+5"),
        ("0, 'en', { signDisplay: 'exceptZero' }", "0"),
        ("-5, 'en', { signDisplay: 'never' }", "5"),
        ("1234.5, 'en', { useGrouping: false }", "1234.5"),
        ("1234.5, 'en', { useGrouping: 'min2' }", "1234.5"),
        ("1234.5, 'ar-EG-u-nu-latn'", "1,234.5"),
        ("1234.5, 'th-u-nu-thai'", "๑,๒๓๔.๕"),
        ("5, 'en', { style: 'currency', currency: 'bhd' }", "BHD\u{a0}5.000"),
        ("5, 'en', { style: 'currency', currency: 'EUR', currencyDisplay: 'code' }", "EUR\u{a0}5.00"),
        ("-5, 'de-CH', { style: 'currency', currency: 'CHF' }", "CHF-5.00"),
        ("1234.5, 'de-AT', { style: 'currency', currency: 'EUR' }", "€\u{a0}1.234,50"),
    ];
    for (args, expected) in cases {
        let (number, rest) = args.split_once(", ").unwrap();
        shows(&format!("({number}).toLocaleString({rest})"), expected);
    }
}

#[test]
fn a_malformed_tag_is_refused_and_an_unknown_language_is_english() {
    for call in
        ["(5).toLocaleString('de_DE')", "new Date(0).toLocaleString('')", "new Intl.NumberFormat('nope').format(5)"]
    {
        let source = format!(
            "(() => {{ try {{ return {call} }} catch (error) {{ return error.name + ': ' + error.message }} }})()"
        );
        shows(&source, "RangeError: Incorrect locale information provided");
    }
    check_all(&[
        ("(1234.5).toLocaleString('xx')", r#""1,234.5""#),
        ("new Date(0).toLocaleDateString('xx-YY', { timeZone: 'UTC' })", r#""1/1/1970""#),
        ("(1234.5).toLocaleString(['de', 'fr'])", r#""1.234,5""#),
        ("$now.setLocale('pt_BR').locale", r#""pt-BR""#),
        ("$now.setLocale('💥').monthLong", r#""March""#),
    ]);
}
