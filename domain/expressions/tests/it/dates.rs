use crate::{check, check_all, check_fails};

#[test]
fn now_and_today_are_the_scopes() {
    check_all(&[
        ("$now", r#""2026-03-01T08:30:45.123-05:00""#),
        ("$today", r#""2026-03-01T00:00:00.000-05:00""#),
        ("Date.now()", "1772371845123"),
        ("new Date()", r#""2026-03-01T13:30:45.123Z""#),
        ("DateTime.now().toMillis() === $now.toMillis()", "true"),
        ("`${$now}`", r#""2026-03-01T08:30:45.123-05:00""#),
        ("$now + 0", "1772371845123"),
        ("typeof $now", r#""object""#),
    ]);
}

#[test]
fn moments_are_read_and_written() {
    check_all(&[
        ("$now.year", "2026"),
        ("$now.month", "3"),
        ("$now.weekday", "7"),
        ("$now.weekNumber", "9"),
        ("$now.ordinal", "60"),
        ("$now.quarter", "1"),
        ("$now.zoneName", r#""America/New_York""#),
        ("$now.monthLong", r#""March""#),
        ("$now.isInDST", "false"),
        ("$now.offset", "-300"),
        ("$now.daysInMonth", "31"),
        ("$now.toFormat('yyyy-MM-dd HH:mm:ss.SSS ZZ')", r#""2026-03-01 08:30:45.123 -05:00""#),
        ("$now.toFormat(\"EEEE d. MMMM, h:mm a 'o''clock'\")", r#""Sunday 1. March, 8:30 AM oclock""#),
        ("$now.format('dd/LL/yy')", r#""01/03/26""#),
        ("$now.toFormat('X x z ZZZZ kkkk-WW o q')", r#""1772371845 1772371845123 America/New_York EST 2026-09 60 1""#),
        ("$now.toFormat('DDDD t')", r#""Sunday, March 1, 2026 8:30 AM""#),
        ("$now.toISODate()", r#""2026-03-01""#),
        ("$now.toISO({suppressMilliseconds: true, includeOffset: false})", r#""2026-03-01T08:30:45.123""#),
        ("$now.toUTC().toISO()", r#""2026-03-01T13:30:45.123Z""#),
        ("$now.setZone('Asia/Tokyo').toISO()", r#""2026-03-01T22:30:45.123+09:00""#),
        ("$now.setZone('UTC+3').hour", "16"),
        ("$now.toLocaleString()", r#""3/1/2026""#),
        ("$now.toLocaleString(DateTime.DATE_FULL)", r#""March 1, 2026""#),
        ("$now.toSQL()", r#""2026-03-01 08:30:45.123 -05:00""#),
        ("$now.toHTTP()", r#""Sun, 01 Mar 2026 13:30:45 GMT""#),
        ("$now.toRelative()", r#""in 0 seconds""#),
        ("$now.minus({days: 3}).toRelative()", r#""3 days ago""#),
        ("$now.toSeconds()", "1772371845.123"),
        ("$now.setZone('Nope/Zone').isValid", "false"),
        ("DateTime.fromISO('2024-02-29').toISO()", r#""2024-02-29T00:00:00.000-05:00""#),
        ("DateTime.fromISO('2024-06-01T10:00:00Z').toISO()", r#""2024-06-01T06:00:00.000-04:00""#),
        (
            "DateTime.fromISO('2024-06-01T10:00:00+02:00', {setZone: true}).toISO()",
            r#""2024-06-01T10:00:00.000+02:00""#,
        ),
        ("DateTime.fromISO('2024-W05-2').toISODate()", r#""2024-01-30""#),
        ("DateTime.fromISO('20240102').toISODate()", r#""2024-01-02""#),
        ("DateTime.fromISO('nope').isValid", "false"),
        // What lies beyond the years that are known is no date, never another one.
        ("DateTime.fromISO('-271821-04-20T00:00:00Z').isValid", "false"),
        ("DateTime.fromISO('-271821-04-20T00:00:00Z').startOf('year').toISO()", "null"),
        ("DateTime.fromISO('+065550-01-01').isValid", "false"),
        ("DateTime.fromISO('+002024-01-01').toISODate()", r#""2024-01-01""#),
        ("DateTime.fromISO('-000004-02-29T00:00:00Z', {zone: 'utc'}).toISO()", r#""-000004-02-29T00:00:00.000Z""#),
        ("DateTime.fromISO('-000004-02-29T10:11:12Z', {zone: 'utc'}).toISOTime()", r#""10:11:12.000Z""#),
        ("DateTime.fromFormat('65560', 'y').isValid", "false"),
        ("DateTime.fromMillis(8.64e15).isValid", "false"),
        ("DateTime.local(2024, 2, 3, 4, 5, 6, 5000).isValid", "false"),
        ("new Date(-271821, 3, 20).getTime()", "null"),
        ("new Date(275760, 8, 13).getTime()", "null"),
        ("isNaN(new Date(275760, 8, 13))", "true"),
        ("new Date(Date.UTC(12000, 0, 1 - 365 * 4000)).toISOString()", r#""8002-08-28T00:00:00.000Z""#),
        ("new Date(Date.UTC(-1, 11, 31)).toISOString()", r#""-000001-12-31T00:00:00.000Z""#),
        ("DateTime.fromISO('nope').toISO()", "null"),
        ("DateTime.fromISO('2024-13-01').toFormat('yyyy')", r#""Invalid DateTime""#),
        ("DateTime.fromFormat('31.12.2024 23:59', 'dd.MM.yyyy HH:mm').toISO()", r#""2024-12-31T23:59:00.000-05:00""#),
        (
            "DateTime.fromFormat('Jan 5, 2024 3:07 PM', 'LLL d, yyyy h:mm a').toISO()",
            r#""2024-01-05T15:07:00.000-05:00""#,
        ),
        ("DateTime.fromMillis(0, {zone: 'utc'}).toISO()", r#""1970-01-01T00:00:00.000Z""#),
        ("DateTime.fromSeconds(1).toMillis()", "1000"),
        ("DateTime.fromObject({year: 2024, month: 5}).toISODate()", r#""2024-05-01""#),
        ("DateTime.fromSQL('2024-05-01 10:11:12').hour", "10"),
        ("DateTime.fromRFC2822('Tue, 01 Nov 2016 13:23:12 +0630').toMillis()", "1477983192000"),
        ("DateTime.local(2024, 2, 3, 4).toISO()", r#""2024-02-03T04:00:00.000-05:00""#),
        ("DateTime.utc(2024).toISO()", r#""2024-01-01T00:00:00.000Z""#),
        ("DateTime.fromJSDate(new Date(0)).toMillis()", "0"),
        ("DateTime.max($now, $today) === $now", "false"),
        ("DateTime.max($now, $today).hour", "8"),
    ]);
}

#[test]
fn arithmetic_follows_the_calendar() {
    check_all(&[
        ("DateTime.fromISO('2024-01-31').plus({months: 1}).toISODate()", r#""2024-02-29""#),
        ("DateTime.fromISO('2024-03-09T12:00').plus({days: 1}).toISO()", r#""2024-03-10T12:00:00.000-04:00""#),
        ("DateTime.fromISO('2024-03-09T12:00').plus({hours: 24}).toISO()", r#""2024-03-10T13:00:00.000-04:00""#),
        ("$now.plus(1, 'week').toISODate()", r#""2026-03-08""#),
        ("$now.minus({years: 1, days: 1}).toISODate()", r#""2025-02-28""#),
        ("$now.plus(1000).millisecond", "123"),
        ("$now.plus({days: 1.5}).toISO()", r#""2026-03-02T20:30:45.123-05:00""#),
        ("$now.startOf('week').toISO()", r#""2026-02-23T00:00:00.000-05:00""#),
        ("$now.startOf('quarter').toISODate()", r#""2026-01-01""#),
        ("$now.endOf('month').toISO()", r#""2026-03-31T23:59:59.999-04:00""#),
        ("$now.startOf('hour').minute", "0"),
        ("$now.set({day: 15, hour: 0}).toISO()", r#""2026-03-15T00:30:45.123-04:00""#),
        ("$now.set({month: 2, day: 28}).toISODate()", r#""2026-02-28""#),
        ("DateTime.fromISO('2024-03-01').diff(DateTime.fromISO('2024-01-01'), 'days').days", "60"),
        (
            "DateTime.fromISO('2024-03-15').diff(DateTime.fromISO('2024-01-01'), ['months', 'days']).toObject()",
            r#"{"months":2,"days":14}"#,
        ),
        ("DateTime.fromISO('2024-01-01').diff(DateTime.fromISO('2024-01-02'), 'hours').hours", "-24"),
        ("DateTime.fromISO('2024-01-02').diff(DateTime.fromISO('2024-01-01')).toMillis()", "86400000"),
        ("$now.diff($now.minus({hours: 3}), 'hours').as('minutes')", "180"),
        ("$now.diffTo('2026-02-27', 'days').floor()", "2"),
        ("$now.hasSame($today, 'day')", "true"),
        ("$now > $today", "true"),
        ("$now.isWeekend()", "true"),
        ("$now.isBetween('2026-01-01', '2027-01-01')", "true"),
        ("$now.extract('month')", "3"),
        ("$now.beginningOf('month').toISODate()", r#""2026-03-01""#),
        ("$now.equals($now)", "true"),
        ("$now.isInLast(1, 'hours')", "true"),
        ("Interval.fromDateTimes($today, $now).start.hour", "0"),
        ("Duration.fromObject({hours: 1, minutes: 30}).toFormat('hh:mm')", r#""01:30""#),
        ("Duration.fromObject({minutes: 90}).shiftTo('hours', 'minutes').toObject()", r#"{"hours":1,"minutes":30}"#),
        ("Duration.fromISO('P1DT2H').as('hours')", "26"),
        ("Duration.fromMillis(1500).toISO()", r#""PT1.5S""#),
    ]);
    check_fails("$now.plus(1, 'parsec')", "not a unit of time");
    check_fails("$now.isBetween($now)", "needs two dates");
}

#[test]
fn javascript_dates() {
    check_all(&[
        ("new Date('2024-01-02')", r#""2024-01-02T00:00:00.000Z""#),
        ("new Date('2024-01-02T00:00').toISOString()", r#""2024-01-02T05:00:00.000Z""#),
        ("new Date(2024, 0, 31).getDate()", "31"),
        ("new Date(2024, 12, 1).getFullYear()", "2025"),
        ("new Date(0).getTime()", "0"),
        ("+new Date(5)", "5"),
        ("new Date(0) + ''", r#""Wed Dec 31 1969 19:00:00 GMT-0500 (Eastern Standard Time)""#),
        ("new Date('nope').getTime()", "null"),
        ("String(new Date('nope'))", r#""Invalid Date""#),
        ("new Date('nope').toISOString()", "undefined"),
        ("new Date('Jan 5, 2024 10:00').toISOString()", r#""2024-01-05T15:00:00.000Z""#),
        ("new Date('1/5/2024').getMonth()", "0"),
        ("new Date(new Date(0).setDate(15)).toISOString()", r#""1969-12-16T00:00:00.000Z""#),
        ("Date.UTC(2024, 1, 29)", "1709164800000"),
        ("new Date(1e3) - new Date(0)", "1000"),
        ("new Date(0) < new Date(1)", "true"),
        ("new Date('2024-05-05T00:00:00Z').toLocaleDateString('en-GB')", r#""04/05/2024""#),
        (
            "new Date('2024-05-05T00:00:00Z').toLocaleDateString('en-US', {month: 'long', day: 'numeric', year: 'numeric', timeZone: 'UTC'})",
            r#""May 5, 2024""#,
        ),
        ("new Date(0).plus(1, 'day').toISOString()", r#""1970-01-02T00:00:00.000Z""#),
        ("Date.parse('1970-01-01T00:00:01Z')", "1000"),
        ("'2024-01-02T10:00:00.000Z'.format('yyyy')", r#""2024""#),
        ("'2024-01-02'.toDateTime().plus(1, 'day').toISODate()", r#""2024-01-03""#),
        ("(1704085200000).toDateTime().toISO()", r#""2024-01-01T00:00:00.000-05:00""#),
        ("{d: new Date(0), n: $now}", r#"{"d":"1970-01-01T00:00:00.000Z","n":"2026-03-01T08:30:45.123-05:00"}"#),
    ]);
    check("new Date().getTimezoneOffset()", "300");
}

/// The values are those of V8 in New York.
#[test]
fn javascript_reads_dates_of_many_forms() {
    for (text, expected) in [
        // The standard's format: a day alone is in UTC.
        ("2024", "2024-01-01T00:00:00.000Z"),
        ("2024-03", "2024-03-01T00:00:00.000Z"),
        ("2024-03-07", "2024-03-07T00:00:00.000Z"),
        ("+002024-03-07T00:00:00Z", "2024-03-07T00:00:00.000Z"),
        ("2024-03-07t10:00:00z", "2024-03-07T10:00:00.000Z"),
        ("2024-03-07T10:00:00.123456Z", "2024-03-07T10:00:00.123Z"),
        ("2024-03-07T10:00:00.5", "2024-03-07T15:00:00.500Z"),
        ("2024-03-07T24:00", "2024-03-08T05:00:00.000Z"),
        ("2024-03-07T10:00:00+0530", "2024-03-07T04:30:00.000Z"),
        ("2024-02-30", "2024-03-01T00:00:00.000Z"),
        // All others: local, in the order of America where numbers alone do not tell.
        ("2024-3-7", "2024-03-07T05:00:00.000Z"),
        ("2024-03-07 10:00", "2024-03-07T15:00:00.000Z"),
        ("2024-03-07 10:00 PM", "2024-03-08T03:00:00.000Z"),
        ("2024-03-07 10:00:00Z", "2024-03-07T10:00:00.000Z"),
        ("2024/02/30", "2024-03-01T05:00:00.000Z"),
        ("2024.03.07", "2024-03-07T05:00:00.000Z"),
        ("07.03.2024", "2024-07-03T04:00:00.000Z"),
        ("3/7/2024", "2024-03-07T05:00:00.000Z"),
        ("03/07/24", "2024-03-07T05:00:00.000Z"),
        ("1/2/49", "2049-01-02T05:00:00.000Z"),
        ("1/2/50", "1950-01-02T05:00:00.000Z"),
        ("March 7, 2024 10:00 UTC", "2024-03-07T10:00:00.000Z"),
        ("7 March 2024", "2024-03-07T05:00:00.000Z"),
        ("07-Mar-24", "2024-03-07T05:00:00.000Z"),
        ("Sept 7 2024", "2024-09-07T04:00:00.000Z"),
        ("2024 March 7", "2024-03-07T05:00:00.000Z"),
        ("Jan 2024", "2024-01-01T05:00:00.000Z"),
        ("24 Jan", "2001-01-24T05:00:00.000Z"),
        ("Thu, 07 Mar 2024 10:00:00 +0200", "2024-03-07T08:00:00.000Z"),
        ("Thu Mar 07 2024 10:00:00 GMT+0100 (CET (really))", "2024-03-07T09:00:00.000Z"),
        ("Dec 25, 1995 1:30 pm EST", "1995-12-25T18:30:00.000Z"),
        ("Tue Mar 5 10:00:00 2024", "2024-03-05T15:00:00.000Z"),
        ("Jan 1 2024 10:00:00.5", "2024-01-01T15:00:00.500Z"),
        ("Jan 1 2024 10:00 GMT+5:30", "2024-01-01T04:30:00.000Z"),
        ("Jan 1 2024 (remark) 10:00", "2024-01-01T15:00:00.000Z"),
        ("on the day 3/7/2024", "2024-03-07T05:00:00.000Z"),
    ] {
        check(&format!("new Date({text:?})"), &format!("{expected:?}"));
    }
    for text in [
        "",
        "day",
        "20240307",
        "2024-W10-4",
        "2024-13-01",
        "25/12/1995",
        "1995-12-25T",
        "2024-03-07T10",
        "2024-03-07T25:00:00Z",
        "2024-03-07T10:00:00+01",
        "2024-03-07T10:00 +02:00",
        "2024-03-07 13:00 PM",
        "March 7th, 2024",
        "7. März 2024",
        "10:00",
        "1709805600000",
        "Jan 1, 2024 noon",
        "1/2/3/4",
        "1:2:3:4:5 1/1/2024",
        "1/1/2024 10:61",
        "+",
        "😀 1/1/2024x",
    ] {
        check(&format!("new Date({text:?}).getTime()"), "null");
    }
}

#[test]
fn moments_speak_the_language_that_they_are_given() {
    check_all(&[
        ("$now.setLocale('de').toFormat('cccc, d. MMMM yyyy, ccc LLL')", r#""Sonntag, 1. März 2026, So Mär""#),
        ("$now.setLocale('fr').plus({ days: 1 }).toFormat('EEEE d MMMM')", r#""lundi 2 mars""#),
        ("$now.setLocale('pl').toFormat('d MMMM / LLLL')", r#""1 marca / marzec""#),
        ("$now.setLocale('es').monthLong", r#""marzo""#),
        ("$now.setLocale('nl').weekdayShort", r#""zo""#),
        ("$now.setLocale('ja').toFormat('a')", r#""午前""#),
        ("$now.setLocale('de').locale", r#""de""#),
        ("$now.setLocale('nope').locale", r#""en-US""#),
        ("$now.setLocale('de').setLocale('en').monthLong", r#""March""#),
        ("$now.reconfigure({ locale: 'it' }).toFormat('DDDD')", r#""domenica 1 marzo 2026""#),
        ("$now.setLocale('pt-BR').toFormat('DD, t')", r#""1 de mar. de 2026, 08:30""#),
        ("$now.setLocale('de').toHTTP()", r#""Sun, 01 Mar 2026 13:30:45 GMT""#),
        ("$now.setLocale('de').toISO()", r#""2026-03-01T08:30:45.123-05:00""#),
        ("$now.setLocale('de').toLocaleString()", r#""1.3.2026""#),
        ("$now.toLocaleString({ month: 'long' }, { locale: 'ru' })", r#""март""#),
        ("$now.toLocaleString(DateTime.DATETIME_FULL)", r#""March 1, 2026 at 8:30 AM EST""#),
        ("$now.toLocaleString(DateTime.DATETIME_MED_WITH_WEEKDAY)", r#""Sun, Mar 1, 2026, 8:30 AM""#),
        ("$now.toLocaleString(DateTime.TIME_24_WITH_SECONDS)", r#""08:30:45""#),
        (
            "$now.toLocaleString(DateTime.DATETIME_HUGE_WITH_SECONDS)",
            r#""Sunday, March 1, 2026 at 8:30:45 AM Eastern Standard Time""#,
        ),
        ("$now.toFormat('G GG GGGGG n ii')", r#""AD Anno Domini A 10 26""#),
        ("$now.setZone('Europe/Berlin').toFormat('ZZZZ, ZZZZZ')", r#""GMT+1, Central European Standard Time""#),
        ("DateTime.fromFormat('5 août 2026', 'd MMMM yyyy', { locale: 'fr' }).toISODate()", r#""2026-08-05""#),
        ("DateTime.fromFormat('1. Sept 2026', 'd. MMM yyyy', { locale: 'de' }).toISODate()", r#""2026-09-01""#),
        ("DateTime.fromFormat('Sat 9:05 PM', 'EEE h:mm a').hour", "21"),
    ]);
}

#[test]
fn dates_are_shown_by_the_options_and_the_order_of_a_language() {
    let cases = [
        ("'de', { year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' }", "Sonntag, 1. März 2026"),
        ("'es', { month: 'long', year: 'numeric' }", "marzo de 2026"),
        ("'pt-BR', { year: 'numeric', month: 'short', day: 'numeric' }", "1 de mar. de 2026"),
        ("'ja', { dateStyle: 'full', timeStyle: 'short' }", "2026年3月1日日曜日 8:30"),
        ("'en-GB', { day: '2-digit', month: 'short', year: 'numeric' }", "01 Mar 2026"),
        ("'en-US', { weekday: 'long', hour: 'numeric' }", "Sunday 8 AM"),
        (
            "'de-DE', { day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit' }",
            "01.03.2026, 08:30",
        ),
        ("'en-US', { hour: '2-digit', minute: '2-digit', hour12: false }", "08:30"),
        ("'it'", "01/03/2026, 08:30:45"),
        ("'nl', { weekday: 'short', day: 'numeric', month: 'short' }", "zo 1 mrt"),
        ("'ru', { day: 'numeric', month: 'long' }", "1 марта"),
        ("'en-US', { month: 'short', year: 'numeric' }", "Mar 2026"),
        ("'en-US', { month: '2-digit', day: '2-digit', year: 'numeric' }", "03/01/2026"),
        ("'en-US', { month: 'numeric', day: 'numeric' }", "3/1"),
        ("'sv', { dateStyle: 'short', timeStyle: 'short' }", "2026-03-01 08:30"),
        ("'en-US', { year: '2-digit', month: 'numeric', day: 'numeric' }", "3/1/26"),
        ("'pl', { month: 'long', year: 'numeric' }", "marzec 2026"),
        ("['tr']", "01.03.2026 08:30:45"),
    ];
    for (args, shown) in cases {
        check(&format!("new Date($now.toMillis()).toLocaleString({args})"), &format!("{shown:?}"));
    }
    check_all(&[
        ("new Date($now.toMillis()).toLocaleDateString('ko')", r#""2026. 3. 1.""#),
        ("new Date($now.toMillis()).toLocaleTimeString('de')", r#""08:30:45""#),
        ("new Date($now.toMillis()).toLocaleDateString('en-US', { hour: 'numeric' })", r#""3/1/2026, 8 AM""#),
    ]);
}

#[test]
fn text_becomes_a_moment_in_the_offset_that_it_names() {
    check_all(&[
        ("'2024-01-01T00:00:00.000Z'.toDateTime().toISO()", r#""2024-01-01T00:00:00.000Z""#),
        ("'2024-01-01T00:00:00+02:00'.toDateTime().toISO()", r#""2024-01-01T00:00:00.000+02:00""#),
        ("'Mon, 01 Jan 2024 10:00:00 +0200'.toDateTime().toISO()", r#""2024-01-01T10:00:00.000+02:00""#),
        ("'Mon, 01 Jan 2024 10:00:00 GMT'.toDateTime().toISO()", r#""2024-01-01T10:00:00.000Z""#),
        ("'2024-01-01'.toDateTime().toISO()", r#""2024-01-01T00:00:00.000-05:00""#),
        ("'1704085200000'.toDateTime('ms').toISO()", r#""2024-01-01T00:00:00.000-05:00""#),
        ("'1704085200'.toDateTime('s').toISO()", r#""2024-01-01T00:00:00.000-05:00""#),
        ("'42144'.toDateTime('excel').toISO()", r#""2015-05-19T20:00:00.000-04:00""#),
        ("'01/02/2024'.toDateTime().toISODate()", r#""2024-01-02""#),
        ("'January 5, 2024'.toDateTime().toISODate()", r#""2024-01-05""#),
    ]);
    check_fails("'31-01-2024'.toDateTime()", "not a date");
}

/// The values are those of Luxon 3.
#[test]
fn moments_are_made_of_their_fields() {
    check_all(&[
        (
            "DateTime.fromObject({weekYear: 2024, weekNumber: 9, weekday: 3}).toISO()",
            r#""2024-02-28T00:00:00.000-05:00""#,
        ),
        ("DateTime.fromObject({weekNumber: 9}).toISODate()", r#""2026-02-23""#),
        ("DateTime.fromObject({weekday: 1}).toISODate()", r#""2026-02-23""#),
        ("DateTime.fromObject({year: 2024, ordinal: 60, hour: 5}).toISO()", r#""2024-02-29T05:00:00.000-05:00""#),
        ("DateTime.fromObject({day: 5}).toISO()", r#""2026-03-05T00:00:00.000-05:00""#),
        ("DateTime.fromObject({hour: 5}).toISO()", r#""2026-03-01T05:00:00.000-05:00""#),
        ("DateTime.fromObject({}).toISO()", r#""2026-03-01T08:30:45.123-05:00""#),
        ("DateTime.fromObject({year: 2024, month: 13}).isValid", "false"),
        ("DateTime.fromObject({year: 2023, month: 2, day: 29}).isValid", "false"),
        ("DateTime.fromObject({foo: 1}).isValid", "undefined"),
        ("DateTime.fromObject({year: 2020, weekNumber: 5}).isValid", "undefined"),
        ("DateTime.fromObject({month: 2, ordinal: 5}).isValid", "undefined"),
        ("DateTime.fromObject({hour: 24}).toISO()", r#""2026-03-02T00:00:00.000-05:00""#),
        ("DateTime.fromObject({hour: 24, minute: 1}).isValid", "false"),
        ("DateTime.fromObject({year: 2023, ordinal: 366}).isValid", "false"),
        ("DateTime.fromObject({year: 2024, ordinal: 366}).toISODate()", r#""2024-12-31""#),
        ("DateTime.fromObject({weekYear: 2026, weekNumber: 53}).toISODate()", r#""2026-12-28""#),
        ("DateTime.fromObject({weekYear: 2025, weekNumber: 53}).isValid", "false"),
        ("DateTime.fromObject({weekday: 9}).isValid", "false"),
        ("DateTime.fromObject({day: 1.5}).isValid", "false"),
        ("DateTime.fromObject({year: 2024, weekday: 3}).isValid", "false"),
        ("DateTime.fromObject({year: 2024, weekday: 1}).toISODate()", r#""2024-01-01""#),
        ("DateTime.fromISO('2024-01-31').set({weekNumber: 5, day: 3}).toISO()", "undefined"),
        ("DateTime.fromISO('2024-01-31').set({weekday: 9}).toISODate()", r#""2024-02-06""#),
        ("DateTime.fromISO('2024-01-31').set({month: 2}).toISODate()", r#""2024-02-29""#),
        ("DateTime.fromISO('2024-01-31').set({month: 2, day: 30}).toISODate()", r#""2024-03-01""#),
        ("DateTime.fromISO('2024-01-31').set({hour: 25}).toISO()", r#""2024-02-01T01:00:00.000-05:00""#),
        ("DateTime.fromISO('2024-01-31').set({weekday: 1}).toISODate()", r#""2024-01-29""#),
        ("DateTime.fromISO('2024-01-31').set({ordinal: 60}).toISODate()", r#""2024-02-29""#),
        ("DateTime.fromISO('2024-01-31').set({foo: 1}).toISO()", "undefined"),
        ("DateTime.fromMillis('1').toISO()", "undefined"),
        ("DateTime.fromFormat(2024, 'yyyy').toISO()", "undefined"),
        ("DateTime.fromISO('x').zoneName", "null"),
    ]);
}

/// The values are those of Luxon 3.
#[test]
fn moments_and_lengths_are_written_with_options() {
    check_all(&[
        ("$now.toISO({format: 'basic'})", r#""20260301T083045.123-05:00""#),
        ("$now.toISODate({format: 'basic'})", r#""20260301""#),
        ("$now.toISOTime({includePrefix: true, includeOffset: false})", r#""T08:30:45.123""#),
        ("$now.startOf('day').toISOTime({suppressSeconds: true})", r#""00:00-05:00""#),
        ("$now.toUTC().toSQL()", r#""2026-03-01 13:30:45.123 Z""#),
        ("$now.toSQL({includeOffset: false})", r#""2026-03-01 08:30:45.123""#),
        ("$now.toSQLTime({includeZone: true})", r#""08:30:45.123 America/New_York""#),
        ("$now.toUTC().isOffsetFixed", "true"),
        ("$now.setZone('utc+2').toFormat('z ZZZZ ZZZZZ ZZ')", r#""UTC+2 UTC+2 UTC+2 +02:00""#),
        ("$now.setZone('utc+2').offsetNameLong", r#""UTC+2""#),
        ("$now.toUTC().toFormat('ZZZZZ')", r#""UTC""#),
        ("$now.plus({days: 15}).toRelative()", r#""in 15 days""#),
        ("$now.minus({days: 351}).toRelative()", r#""11 months ago""#),
        ("$now.plus({days: 15}).toRelative({unit: 'weeks'})", r#""in 2 weeks""#),
        ("$now.plus({days: 122}).toRelative({unit: ['days', 'hours']})", r#""in 122 days""#),
        ("$now.plus({days: 1, hours: 6}).toRelative({round: false})", r#""in 1.25 days""#),
        ("$now.plus({days: 31}).toRelativeCalendar({unit: 'weeks'})", r#""in 5 weeks""#),
        ("Duration.fromISO('P1YT6.5S').toObject()", r#"{"years":1,"seconds":6,"milliseconds":500}"#),
        ("Duration.fromISO('P1YT6.5S').toISO()", r#""P1YT6.5S""#),
        ("Duration.fromObject({days: 1, hours: 2}).toHuman({listStyle: 'long'})", r#""1 day and 2 hours""#),
        (
            "Duration.fromObject({days: 1, hours: 2, minutes: 3}).toHuman({listStyle: 'long'})",
            r#""1 day, 2 hours, and 3 minutes""#,
        ),
        ("Duration.fromObject({months: 2, hours: 4}).toHuman({unitDisplay: 'short'})", r#""2 mths, 4 hr""#),
        ("Duration.fromObject({days: 1}).toHuman({unitDisplay: 'narrow'})", r#""1d""#),
        ("Duration.fromMillis(3661000).toISOTime({suppressMilliseconds: true, includePrefix: true})", r#""T01:01:01""#),
    ]);
    let interval = "Interval.fromISO('2024-01-01/P3D')";
    check_all(&[
        (&format!("{interval}.toFormat('dd')"), r#""01 – 04""#),
        (&format!("{interval}.toISOTime()"), r#""00:00:00.000-05:00/00:00:00.000-05:00""#),
        (&format!("{interval}.mapEndpoints(end => end.plus({{days: 1}})).toISODate()"), r#""2024-01-02/2024-01-05""#),
        (&format!("{interval}.splitAt(DateTime.fromISO('2024-01-02')).length"), "2"),
        (&format!("{interval}.divideEqually(3)[1].toISODate()"), r#""2024-01-02/2024-01-03""#),
        (
            &format!("Interval.merge([{interval}, Interval.fromISO('2024-01-02/P3D')])[0].toISODate()"),
            r#""2024-01-01/2024-01-05""#,
        ),
    ]);
}

#[test]
fn weeks_may_be_those_of_the_language() {
    check_all(&[
        ("DateTime.fromISO('2026-01-04').localWeekNumber", "2"),
        ("DateTime.fromISO('2026-01-04').localWeekday", "1"),
        ("DateTime.fromISO('2025-12-30').localWeekYear", "2026"),
        ("DateTime.fromISO('2026-01-04').weeksInLocalWeekYear", "52"),
        ("DateTime.fromISO('2026-01-04').setLocale('de').localWeekNumber", "1"),
        ("DateTime.fromISO('2026-01-04').setLocale('de').localWeekday", "7"),
        ("DateTime.fromISO('2026-01-07').startOf('week', { useLocaleWeeks: true }).toISODate()", r#""2026-01-04""#),
        (
            "DateTime.fromISO('2026-01-07').endOf('week', { useLocaleWeeks: true }).toISO()",
            r#""2026-01-10T23:59:59.999-05:00""#,
        ),
        ("DateTime.fromISO('2026-01-07').startOf('week').toISODate()", r#""2026-01-05""#),
        ("DateTime.fromISO('2026-01-10').isWeekend", "true"),
    ]);
}

#[test]
fn a_zone_with_one_offset_has_the_narrow_spaces_of_the_parts() {
    check_all(&[
        ("DateTime.fromISO('2026-01-07T10:00Z').toUTC().toLocaleString(DateTime.TIME_SIMPLE)", "\"10:00\u{202f}AM\""),
        ("DateTime.fromISO('2026-01-07T10:00Z').setZone('UTC+5:30').toFormat('t')", "\"3:30\u{202f}PM\""),
        ("DateTime.fromISO('2026-01-07T10:00Z').setZone('UTC+2').toFormat('t')", r#""12:00 PM""#),
        ("DateTime.fromISO('2026-01-07T10:00').toLocaleString(DateTime.TIME_SIMPLE)", r#""10:00 AM""#),
        ("new Date(0).toLocaleTimeString('en-US', { timeZone: 'UTC' })", r#""12:00:00 AM""#),
    ]);
}

#[test]
fn dates_are_read_and_written_as_asked() {
    check_all(&[
        ("DateTime.fromISO('2024-03-15').toFormat('yyyy LLL dd', { locale: 'fr' })", r#""2024 mars 15""#),
        ("DateTime.fromISO('2024-01-01T00:30:00Z').isBetween('2024-01-01', '2025-01-01')", "true"),
        ("DateTime.fromISO('2023-12-31T23:30:00Z').isBetween('2024-01-01', '2025-01-01')", "false"),
        (
            "['2024-03-15 10:30', ' 2024-03-15', '2024-03-15T10:30'].map(t => DateTime.fromISO(t).isValid)",
            "[false,false,true]",
        ),
        ("DateTime.fromSQL('2024-03-15 10:30').isValid", "true"),
        (
            "DateTime.fromISO('2024-03-15T10:30:45.123').c",
            r#"{"year":2024,"month":3,"day":15,"hour":10,"minute":30,"second":45,"millisecond":123}"#,
        ),
        ("Duration.fromObject({ days: 3.2921888 }).toHuman()", r#""3.292 days""#),
        ("Duration.fromObject({ hours: -12345, minutes: 2 }).toHuman()", r#""-12345 hours, 2 minutes""#),
        ("(99.999).toDateTime('excel').toUTC().toISO()", r#""1900-04-08T23:58:33.600Z""#),
    ]);
}
