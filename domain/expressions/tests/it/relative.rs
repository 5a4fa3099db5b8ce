//! Distances in time in the languages of many countries, great numbers in words, and what else `Intl` has.
//!
//! The expected texts are those of Node 20 (`Intl`, CLDR 48).

use crate::{check, check_all};

/// Three days ago, in two months (short), five hours ago (narrow), one minute from now, and tomorrow in a word.
const DISTANCES: &[(&str, [&str; 5])] = &[
    ("en-US", ["3 days ago", "in 2 mo.", "5h ago", "in 1 minute", "tomorrow"]),
    ("en-GB", ["3 days ago", "in 2 mo", "5 hr ago", "in 1 minute", "tomorrow"]),
    ("de", ["vor 3 Tagen", "in 2 Monaten", "vor 5 Std.", "in 1 Minute", "morgen"]),
    ("fr", ["il y a 3 jours", "dans 2 m.", "-5 h", "dans 1 minute", "demain"]),
    ("es", ["hace 3 días", "dentro de 2 m", "hace 5 h", "dentro de 1 minuto", "mañana"]),
    ("es-MX", ["hace 3 días", "en 2 m", "hace 5 h", "dentro de 1 minuto", "mañana"]),
    ("pt-BR", ["há 3 dias", "em 2 meses", "há 5 h", "em 1 minuto", "amanhã"]),
    ("pt-PT", ["há 3 dias", "dentro de 2 meses", "-5 h", "dentro de 1 minuto", "amanhã"]),
    ("it", ["3 giorni fa", "tra 2 mesi", "5 h fa", "tra 1 minuto", "domani"]),
    ("nl", ["3 dagen geleden", "over 2 maanden", "5 uur geleden", "over 1 minuut", "morgen"]),
    ("pl", ["3 dni temu", "za 2 mies.", "5 g. temu", "za 1 minutę", "jutro"]),
    ("ru", ["3 дня назад", "через 2 мес.", "-5 ч", "через 1 минуту", "завтра"]),
    ("uk", ["3 дні тому", "через 2 міс.", "5 год тому", "через 1 хвилину", "завтра"]),
    ("tr", ["3 gün önce", "2 ay sonra", "5 sa. önce", "1 dakika sonra", "yarın"]),
    ("ar", ["قبل 3 أيام", "خلال شهرين", "قبل 5 ساعات", "خلال دقيقة واحدة", "غدًا"]),
    ("ar-EG", ["قبل ٣ أيام", "خلال شهرين", "قبل ٥ ساعات", "خلال دقيقة واحدة", "غدًا"]),
    ("he", ["לפני 3 ימים", "בעוד חודשיים (2)", "לפני 5 שע׳", "בעוד דקה (1)", "מחר"]),
    ("hi", ["3 दिन पहले", "2 माह में", "5 घं॰ पहले", "1 मिनट में", "कल"]),
    ("ja", ["3 日前", "2 か月後", "5時間前", "1 分後", "明日"]),
    ("ko", ["3일 전", "2개월 후", "5시간 전", "1분 후", "내일"]),
    ("zh-CN", ["3天前", "2个月后", "5小时前", "1分钟后", "明天"]),
    ("zh-TW", ["3 天前", "2 個月後", "5 小時前", "1 分鐘後", "明天"]),
    ("sv", ["för 3 dagar sedan", "om 2 mån.", "−5 h", "om 1 minut", "i morgon"]),
    ("cs", ["před 3 dny", "za 2 měs.", "před 5 h", "za 1 minutu", "zítra"]),
    ("fi", ["3 päivää sitten", "2 kk päästä", "5 t sitten", "1 minuutin päästä", "huomenna"]),
    ("da", ["for 3 dage siden", "om 2 mdr.", "5 timer siden", "om 1 minut", "i morgen"]),
    ("nb", ["for 3 døgn siden", "om 2 md.", "-5 t", "om 1 minutt", "i morgen"]),
    ("el", ["πριν από 3 ημέρες", "σε 2 μήνες", "5 ώ. πριν", "σε 1 λεπτό", "αύριο"]),
    ("hu", ["3 nappal ezelőtt", "2 hónap múlva", "5 órája", "1 perc múlva", "holnap"]),
    ("ro", ["acum 3 zile", "peste 2 luni", "-5 h", "peste 1 minut", "mâine"]),
    ("th", ["3 วันที่ผ่านมา", "ใน 2 เดือน", "5 ชม. ที่แล้ว", "ในอีก 1 นาที", "พรุ่งนี้"]),
    ("vi", ["3 ngày trước", "sau 2 tháng nữa", "5 giờ trước", "sau 1 phút nữa", "Ngày mai"]),
    ("id", ["3 hari yang lalu", "dlm 2 bln", "5 jam lalu", "dalam 1 menit", "besok"]),
    ("fa", ["۳ روز پیش", "۲ ماه بعد", "۵ ساعت پیش", "۱ دقیقه بعد", "فردا"]),
];

#[test]
fn distances_in_time_are_told_in_the_language() {
    let calls = [
        (-3, "day", "{}"),
        (2, "month", "{ style: 'short' }"),
        (-5, "hour", "{ style: 'narrow' }"),
        (1, "minute", "{ style: 'long' }"),
        (1, "day", "{ numeric: 'auto' }"),
    ];
    for (language, texts) in DISTANCES {
        for ((amount, unit, options), text) in calls.into_iter().zip(texts) {
            let source = format!("new Intl.RelativeTimeFormat('{language}', {options}).format({amount}, '{unit}')");
            check(&source, &serde_json::to_string(text).unwrap());
        }
    }
}

/// 1234, 12 345, 999 950 and 1 500 000 in short, 2 300 000 in words.
const GREAT: &[(&str, [&str; 5])] = &[
    ("en-US", ["1.2K", "12K", "1M", "1.5M", "2.3 million"]),
    ("de", ["1234", "12.345", "999.950", "1,5\u{a0}Mio.", "2,3 Millionen"]),
    ("fr", ["1,2\u{a0}k", "12\u{a0}k", "1\u{a0}M", "1,5\u{a0}M", "2,3 millions"]),
    ("es", ["1,2\u{a0}mil", "12\u{a0}mil", "1\u{a0}M", "1,5\u{a0}M", "2,3 millones"]),
    ("pt-BR", ["1,2\u{a0}mil", "12\u{a0}mil", "1\u{a0}mi", "1,5\u{a0}mi", "2,3 milhões"]),
    ("it", ["1,2K", "12K", "1\u{a0}Mln", "1,5\u{a0}Mln", "2,3 milioni"]),
    ("nl", ["1,2K", "12K", "1\u{a0}mln.", "1,5\u{a0}mln.", "2,3 miljoen"]),
    ("pl", ["1,2\u{a0}tys.", "12\u{a0}tys.", "1\u{a0}mln", "1,5\u{a0}mln", "2,3 miliona"]),
    ("ru", ["1,2\u{a0}тыс.", "12\u{a0}тыс.", "1\u{a0}млн", "1,5\u{a0}млн", "2,3 миллиона"]),
    ("uk", ["1,2\u{a0}тис.", "12\u{a0}тис.", "1\u{a0}млн", "1,5\u{a0}млн", "2,3 мільйона"]),
    ("tr", ["1,2\u{a0}B", "12\u{a0}B", "1\u{a0}Mn", "1,5\u{a0}Mn", "2,3 milyon"]),
    ("ja", ["1234", "1.2万", "100万", "150万", "230万"]),
    ("ko", ["1.2천", "1.2만", "100만", "150만", "230만"]),
    ("zh-CN", ["1234", "1.2万", "100万", "150万", "230万"]),
    ("zh-TW", ["1234", "1.2萬", "100萬", "150萬", "230萬"]),
    ("sv", ["1,2\u{a0}tn", "12\u{a0}tn", "1\u{a0}mn", "1,5\u{a0}mn", "2,3 miljoner"]),
    ("hi", ["1.2\u{a0}हज़ार", "12\u{a0}हज़ार", "10\u{a0}लाख", "15\u{a0}लाख", "23 लाख"]),
];

#[test]
fn great_numbers_are_told_in_words() {
    let calls = [(1234, "short"), (12_345, "short"), (999_950, "short"), (1_500_000, "short"), (2_300_000, "long")];
    for (language, texts) in GREAT {
        for ((number, display), text) in calls.into_iter().zip(texts) {
            let options = format!("{{ notation: 'compact', compactDisplay: '{display}' }}");
            let source = format!("({number}).toLocaleString('{language}', {options})");
            check(&source, &serde_json::to_string(text).unwrap());
        }
    }
}

#[test]
fn intl_has_the_order_of_texts_the_forms_of_numbers_and_the_parts_of_dates() {
    check_all(&[
        ("(0).toLocaleString('en', { notation: 'compact' })", r#""0""#),
        ("(-1650).toLocaleString('en', { notation: 'compact' })", r#""-1.7K""#),
        ("(0.2567).toLocaleString('en', { notation: 'compact' })", r#""0.26""#),
        ("(999).toLocaleString('en', { notation: 'compact' })", r#""999""#),
        ("(1e9).toLocaleString('en', { notation: 'compact', maximumFractionDigits: 1 })", r#""1B""#),
        ("(1234567).toLocaleString('en', { notation: 'compact', minimumFractionDigits: 2 })", r#""1.235M""#),
        ("(1234567).toLocaleString('en', { notation: 'compact', maximumSignificantDigits: 3 })", r#""1.23M""#),
        ("(1234567).toLocaleString('en', { notation: 'compact', style: 'currency', currency: 'USD' })", r#""$1.2M""#),
        (
            "(1234567).toLocaleString('de-AT', { notation: 'compact', style: 'currency', currency: 'EUR' })",
            "\"1,2\u{a0}Mio.\u{a0}€\"",
        ),
        (
            "(123456).toLocaleString('de-AT', { notation: 'compact', style: 'currency', currency: 'EUR' })",
            "\"€\u{a0}123.456\"",
        ),
        ("(1e21).toLocaleString('en', { notation: 'compact' })", r#""1,000,000,000T""#),
        ("(5e15).toLocaleString('en', { notation: 'compact' })", r#""5000T""#),
        ("(NaN).toLocaleString('en', { notation: 'compact' })", r#""NaN""#),
        ("new Intl.NumberFormat('en-US', { notation: 'compact' }).format(45678)", r#""46K""#),
        ("(99999).toLocaleString('en', { notation: 'compact', signDisplay: 'always' })", r#""+100K""#),
        ("new Intl.PluralRules('en').select(1)", r#""one""#),
        ("new Intl.PluralRules('ru').select(3)", r#""few""#),
        ("new Intl.PluralRules('ar').select(0)", r#""zero""#),
        ("new Intl.PluralRules('en', { type: 'ordinal' }).select(23)", r#""few""#),
        (
            "[1, 2, 3, 4, 11, 21].map(n => n + { one: 'st', two: 'nd', few: 'rd', other: 'th' }[new Intl.PluralRules('en', { type: 'ordinal' }).select(n)])",
            r#"["1st","2nd","3rd","4th","11th","21st"]"#,
        ),
        (
            "['v10', 'v9', 'v1'].sort((a, b) => a.localeCompare(b, undefined, { numeric: true }))",
            r#"["v1","v9","v10"]"#,
        ),
        (
            "['b10a', 'b9z', 'b010b'].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))",
            r#"["b9z","b10a","b010b"]"#,
        ),
        ("'a'.localeCompare('A', undefined, { sensitivity: 'base' })", "0"),
        ("'résumé'.localeCompare('RESUME', 'en', { sensitivity: 'base' })", "0"),
        ("'résumé'.localeCompare('resume', 'en', { sensitivity: 'accent' })", "1"),
        ("'Résumé'.localeCompare('résumé', 'en', { sensitivity: 'accent' })", "0"),
        ("'é'.localeCompare('e', 'en', { sensitivity: 'case' })", "0"),
        ("'E'.localeCompare('e', 'en', { sensitivity: 'case' })", "1"),
        ("['ä', 'z', 'a'].sort(new Intl.Collator('de').compare)", r#"["a","ä","z"]"#),
        ("['10', '9', '2'].sort(new Intl.Collator(undefined, { numeric: true }).compare)", r#"["2","9","10"]"#),
        ("new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(-1, 'day')", r#""yesterday""#),
        ("new Intl.RelativeTimeFormat('en').format(-3, 'days')", r#""3 days ago""#),
        ("new Intl.RelativeTimeFormat('en').format(-1.5, 'hours')", r#""1.5 hours ago""#),
        ("new Intl.RelativeTimeFormat('en').format(12345, 'seconds')", r#""in 12,345 seconds""#),
        ("new Intl.RelativeTimeFormat('en-IN', { style: 'short' }).format(-2, 'hours')", r#""2 hr ago""#),
        ("new Intl.RelativeTimeFormat('en').format(-0, 'day')", r#""0 days ago""#),
        ("new Intl.RelativeTimeFormat('de', { numeric: 'auto' }).format(2, 'day')", r#""übermorgen""#),
        (
            "new Intl.DateTimeFormat('en-US', { timeZone: 'UTC' }).formatToParts(new Date(0)).map(p => p.type + ':' + p.value)",
            r#"["month:1","literal:/","day:1","literal:/","year:1970"]"#,
        ),
        (
            "new Intl.DateTimeFormat('de-DE', { dateStyle: 'long', timeStyle: 'short', timeZone: 'Asia/Tokyo' }).formatToParts(0).map(p => p.value).join('')",
            r#""1. Januar 1970 um 09:00""#,
        ),
        (
            "Object.fromEntries(new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone: 'Asia/Tokyo' }).formatToParts(new Date(0)).map(p => [p.type, p.value])).day",
            r#""01""#,
        ),
        (
            "new Intl.DateTimeFormat('en-US', { hour: 'numeric', minute: '2-digit', timeZoneName: 'short', timeZone: 'UTC' }).formatToParts(0).map(p => p.type)",
            r#"["hour","literal","minute","literal","dayPeriod","literal","timeZoneName"]"#,
        ),
        ("new Intl.DateTimeFormat('en-US', { timeZone: 'Asia/Tokyo' }).resolvedOptions().timeZone", r#""Asia/Tokyo""#),
        ("new Intl.NumberFormat('de-DE').resolvedOptions().locale", r#""de-DE""#),
        ("Intl.DateTimeFormat().resolvedOptions().timeZone", r#""America/New_York""#),
    ]);
    for (call, message) in [
        ("('xx-').format(1, 'day')", "Incorrect locale information provided"),
        ("('en').format(1, 'eon')", "Invalid unit argument: eon"),
        ("('en').format(NaN, 'day')", "Invalid number value"),
    ] {
        let source = format!("try {{ return new Intl.RelativeTimeFormat{call} }} catch (e) {{ return `${{e}}` }}");
        let message = format!("\"RangeError: {message}\"");
        check(&format!("(() => {{ {source} }})()"), &message);
    }
}

#[test]
fn a_moment_tells_how_far_away_it_is_in_its_language() {
    check_all(&[
        ("$now.minus({ days: 3 }).toRelative({ locale: 'de' })", r#""vor 3 Tagen""#),
        ("$now.setLocale('fr').minus({ days: 3 }).toRelative()", r#""il y a 3 jours""#),
        ("$now.plus({ months: 2 }).toRelative({ locale: 'fr', style: 'short' })", r#""dans 2 m.""#),
        ("$now.plus({ months: 2 }).toRelative({ style: 'narrow' })", r#""in 2 mo.""#),
        ("$now.plus({ months: 2 }).toRelative({ locale: 'en-GB', style: 'narrow' })", r#""in 2 mo""#),
        ("$now.plus({ days: 1 }).toRelativeCalendar({ locale: 'es' })", r#""mañana""#),
        ("$now.plus({ days: 2 }).toRelativeCalendar({ locale: 'de' })", r#""übermorgen""#),
        ("$now.plus({ minutes: 1 }).toRelativeCalendar({ unit: 'months', locale: 'de' })", r#""diesen Monat""#),
        ("$now.minus({ years: 1 }).toRelativeCalendar()", r#""last year""#),
        ("$now.minus({ hours: 23, minutes: 59 }).toRelative({ padding: 60000 })", r#""1 day ago""#),
        ("$now.plus({ days: 1, hours: 6 }).toRelative({ round: false, locale: 'de' })", r#""in 1,25 Tagen""#),
        ("$now.plus({ days: 40 }).toRelative({ unit: ['weeks', 'days'], locale: 'pl' })", r#""za 5 tygodni""#),
        ("$now.minus({ days: 3 }).toRelative({ locale: 'sw' })", r#""3 days ago""#),
        ("$now.toLocaleParts().map(p => p.type + p.value)", r#"["month3","literal/","day1","literal/","year2026"]"#),
        (
            "$now.setLocale('de').toLocaleParts({ month: 'long', day: 'numeric' })",
            r#"[{"type":"day","value":"1"},{"type":"literal","value":". "},{"type":"month","value":"März"}]"#,
        ),
        ("$now.resolvedLocaleOptions()", r#"{"locale":"en-US","numberingSystem":"latn","outputCalendar":"gregory"}"#),
        ("$now.setLocale('fr').resolvedLocaleOptions().locale", r#""fr""#),
        ("Duration.fromISO('x').isValid", "false"),
        ("Duration.fromISO('x').invalidReason", r#""unparsable""#),
        ("Duration.fromISO('x').toISO()", "null"),
        ("Duration.fromISO('x').plus({ hours: 1 }).isValid", "false"),
        ("Duration.fromISO('x').toHuman()", r#""Invalid Duration""#),
        ("Duration.fromISO('P1D').isValid", "true"),
        ("Duration.fromObject({ hours: 1 }).reconfigure({ locale: 'en' }).toHuman()", r#""1 hour""#),
        // The zone that bears the name of a place has rules, by its nature; UTC has none.
        ("$now.setZone('Etc/UTC').zoneName", r#""Etc/UTC""#),
        ("$now.setZone('Etc/UTC').toISO()", r#""2026-03-01T13:30:45.123+00:00""#),
        ("$now.setZone('utc').toISO()", r#""2026-03-01T13:30:45.123Z""#),
    ]);
}

#[test]
fn an_interval_is_written_with_what_its_ends_share_once() {
    let table = [
        ("2026-03-01", "2026-03-05", "", "3/1/2026\u{2009}–\u{2009}3/5/2026"),
        ("2026-03-01", "2026-03-05", "DateTime.DATE_MED", "Mar 1\u{2009}–\u{2009}5, 2026"),
        ("2026-03-01", "2026-04-05", "DateTime.DATE_FULL", "March 1\u{2009}–\u{2009}April 5, 2026"),
        ("2026-03-01", "2027-03-01", "DateTime.DATE_FULL", "March 1, 2026\u{2009}–\u{2009}March 1, 2027"),
        ("2026-03-01", "2026-03-01", "DateTime.DATE_FULL", "March 1, 2026"),
        ("2026-03-01", "2026-03-05", "DateTime.DATE_HUGE", "Sunday, March 1\u{2009}–\u{2009}Thursday, March 5, 2026"),
        (
            "2026-03-01T10:00",
            "2026-03-01T12:30",
            "DateTime.TIME_SIMPLE",
            "10:00\u{202f}AM\u{2009}–\u{2009}12:30\u{202f}PM",
        ),
        ("2026-03-01T10:00", "2026-03-01T11:30", "DateTime.TIME_SIMPLE", "10:00\u{2009}–\u{2009}11:30\u{202f}AM"),
        (
            "2026-03-01T10:00",
            "2026-03-02T11:30",
            "DateTime.TIME_SIMPLE",
            "3/1/2026, 10:00\u{202f}AM\u{2009}–\u{2009}3/2/2026, 11:30\u{202f}AM",
        ),
        ("2026-03-01T10:00", "2026-03-01T10:00", "DateTime.TIME_SIMPLE", "10:00 AM"),
        (
            "2026-03-01T10:00",
            "2026-03-01T14:00",
            "DateTime.DATETIME_MED",
            "Mar 1, 2026, 10:00\u{202f}AM\u{2009}–\u{2009}2:00\u{202f}PM",
        ),
        (
            "2026-03-01T10:00",
            "2026-03-01T11:00",
            "DateTime.DATETIME_FULL",
            "March 1, 2026, 10:00\u{2009}–\u{2009}11:00\u{202f}AM EST",
        ),
        (
            "2026-03-01T10:00",
            "2026-03-02T14:00",
            "DateTime.DATETIME_MED",
            "Mar 1, 2026, 10:00\u{202f}AM\u{2009}–\u{2009}Mar 2, 2026, 2:00\u{202f}PM",
        ),
        ("2026-03-01", "2026-03-31", "{ year: 'numeric', month: 'long' }", "March 2026"),
        ("2026-03-01", "2026-04-01", "{ year: 'numeric', month: 'long' }", "March\u{2009}–\u{2009}April 2026"),
        ("2026-03-01", "2027-03-01", "{ month: 'short', day: 'numeric' }", "Mar 1, 2026\u{2009}–\u{2009}Mar 1, 2027"),
        ("2026-03-01", "2026-03-05", "{ dateStyle: 'medium' }", "Mar 1\u{2009}–\u{2009}5, 2026"),
        ("2026-03-01", "2026-03-05", "DateTime.DATE_FULL, { locale: 'fr' }", "1–5 mars 2026"),
        (
            "2026-03-01",
            "2026-03-05",
            "DateTime.DATE_HUGE, { locale: 'fr' }",
            "dimanche 1\u{2009}–\u{2009}jeudi 5 mars 2026",
        ),
        ("2026-03-01", "2026-03-05", "DateTime.DATE_FULL, { locale: 'de' }", "1.–5. März 2026"),
        ("2026-03-01", "2026-04-05", "DateTime.DATE_SHORT, { locale: 'de' }", "01.03.\u{2009}–\u{2009}05.04.2026"),
        (
            "2026-03-01T10:00",
            "2026-03-01T14:00",
            "DateTime.DATETIME_MED, { locale: 'de' }",
            "1. März 2026, 10:00–14:00 Uhr",
        ),
        ("2026-03-01", "2026-03-05", "DateTime.DATE_FULL, { locale: 'nl' }", "1–5 maart 2026"),
        ("2026-03-01", "2026-03-05", "DateTime.DATE_SHORT, { locale: 'pl' }", "01–05.03.2026"),
        ("2026-03-01", "2026-03-05", "DateTime.DATE_FULL, { locale: 'ja' }", "2026/03/01～2026/03/05"),
        (
            "2026-03-01",
            "2026-04-05",
            "DateTime.DATE_MED, { locale: 'pt-BR' }",
            "1 de mar.\u{2009}–\u{2009}5 de abr. de 2026",
        ),
        ("2026-03-01T10:00", "2026-03-01T12:30", "DateTime.TIME_SIMPLE, { locale: 'en-GB' }", "10:00–12:30"),
    ];
    for (start, end, call, text) in table {
        let interval = format!("Interval.fromDateTimes(DateTime.fromISO('{start}'), DateTime.fromISO('{end}'))");
        check(&format!("{interval}.toLocaleString({call})"), &serde_json::to_string(text).unwrap());
    }
    check_all(&[
        (
            "new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }).formatRange(0, new Date('1970-02-03'))",
            "\"January 1\u{2009}–\u{2009}February 3, 1970\"",
        ),
        (
            "(() => { try { Intl.DateTimeFormat().formatRange(NaN, 0) } catch (e) { return e.name } })()",
            "\"RangeError\"",
        ),
        ("(() => { try { Intl.NumberFormat().formatRange(1, 2) } catch (e) { return e.name } })()", "\"TypeError\""),
    ]);
}

#[test]
fn lists_and_amounts_are_written_as_in_sentences() {
    check_all(&[
        (
            "new Intl.ListFormat('en', { style: 'long', type: 'conjunction' }).format(['a', 'b', 'c'])",
            r#""a, b, and c""#,
        ),
        ("new Intl.ListFormat().format(['a', 'b'])", r#""a and b""#),
        ("new Intl.ListFormat('en-GB').format(new Set(['a', 'b', 'c']))", r#""a, b and c""#),
        ("new Intl.ListFormat('en', { style: 'short' }).format(['a', 'b', 'c'])", r#""a, b, & c""#),
        ("new Intl.ListFormat('en', { style: 'narrow', type: 'unit' }).format(['1h', '2m'])", r#""1h 2m""#),
        ("new Intl.ListFormat('en', { type: 'unit' }).format(['1h', '2m', '3s'])", r#""1h, 2m, 3s""#),
        ("new Intl.ListFormat('de', { type: 'disjunction' }).format(['a', 'b', 'c'])", r#""a, b oder c""#),
        ("new Intl.ListFormat('es').format(['a', 'isla'])", r#""a e isla""#),
        ("new Intl.ListFormat('es').format(['a', 'hielo'])", r#""a y hielo""#),
        ("new Intl.ListFormat('ja', { type: 'disjunction' }).format(['a', 'b', 'c'])", r#""a、b、またはc""#),
        ("new Intl.ListFormat('cs').format(['a', 'b', 'c'])", "\"a, b a\u{a0}c\""),
        ("new Intl.ListFormat('hi', { type: 'disjunction' }).format(['a', 'b', 'c'])", "\"a, b या c\""),
        ("new Intl.ListFormat('en').format([])", r#""""#),
        (
            "(() => { try { return new Intl.ListFormat('en').format([1]) } catch (e) { return e.name } })()",
            r#""TypeError""#,
        ),
        (
            "(-1234.5).toLocaleString('en-US', { style: 'currency', currency: 'USD', currencySign: 'accounting' })",
            r#""($1,234.50)""#,
        ),
        (
            "(-5).toLocaleString('de', { style: 'currency', currency: 'USD', currencySign: 'accounting' })",
            "\"-5,00\u{a0}$\"",
        ),
        (
            "(0).toLocaleString('en-US', { style: 'currency', currency: 'USD', currencySign: 'accounting' })",
            r#""$0.00""#,
        ),
    ]);
}

#[test]
fn the_order_of_texts_is_that_of_dictionaries() {
    check_all(&[
        (
            "['_a', 'a', '1', '10', '2', 'é', 'e', 'f', '{', '~', '€', '$', '#', '@', '!', '(', '.', ',', '-b', '+', ' ', ''].sort((x, y) => x.localeCompare(y)).join('')",
            r#"" _a-b,!.({@#+~$€1102aeéf""#,
        ),
        (
            "['a_b', 'a-b', 'a.b', 'a b', 'ab', 'a1'].sort((x, y) => x.localeCompare(y))",
            r#"["a b","a_b","a-b","a.b","a1","ab"]"#,
        ),
        (
            "['a_b', 'a10', 'a2', 'A1', 'ab'].sort(new Intl.Collator('en', { numeric: true }).compare)",
            r#"["a_b","A1","a2","a10","ab"]"#,
        ),
        (
            "['ß', 'st', 'ss', '한a', '가b', '中', 'я', 'ё', 'ж'].sort((x, y) => x.localeCompare(y))",
            r#"["ss","ß","st","ё","ж","я","가b","한a","中"]"#,
        ),
        ("['😀', 'a', 'Z', '1'].sort((x, y) => x.localeCompare(y))", r#"["😀","1","a","Z"]"#),
    ]);
}
