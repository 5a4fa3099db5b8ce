//! Nothing that anybody writes makes the language panic.

use proptest::prelude::*;
use weft_expressions::{Budget, ItemsScope, Limits, Scope, compile, references, renamed};
use weft_value::{Item, Object, Value};

use crate::scope;

/// Pieces from which sources are made that come far.
const PIECES: &[&str] = &[
    "$json",
    "$json.a",
    ".a",
    ".b",
    "[0]",
    "['a']",
    "?.",
    "?.[0]",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "=>",
    "x",
    "x => x",
    "(x) => ",
    "...",
    "1",
    "-1",
    "1e309",
    "0.5",
    "'s'",
    "'é😀'",
    "``",
    "`a${",
    "null",
    "undefined",
    "NaN",
    "+",
    "-",
    "*",
    "/",
    "%",
    "**",
    "==",
    "===",
    "<",
    ">=",
    "&&",
    "||",
    "??",
    "!",
    "~",
    "typeof ",
    "?",
    "in",
    "instanceof",
    ".map(",
    ".filter(",
    ".reduce(",
    ".sort(",
    ".slice(",
    ".split(",
    ".replace(",
    ".match(",
    ".padStart(",
    ".repeat(",
    ".at(",
    ".join(",
    ".toFixed(",
    ".toString(",
    ".toLocaleString(",
    ".first()",
    ".last()",
    ".unique(",
    ".plus(",
    ".toFormat(",
    ".startOf(",
    ".diff(",
    ".set(",
    ".toDateTime(",
    ".format(",
    ".chunk(",
    ".substring(",
    ".flat(",
    ".toPrecision(",
    "$now",
    "$today",
    "$('A')",
    "$input.all()",
    "$node",
    "DateTime.fromISO(",
    "DateTime.fromFormat(",
    "DateTime.fromObject(",
    "new Date(",
    "Date.UTC(",
    "Math.max(",
    "JSON.stringify(",
    "JSON.parse(",
    "Object.entries(",
    "Array.from(",
    "Duration.fromISO(",
    "new RegExp(",
    "/a(b)?/g",
    "/(?<=x)y/",
    "'days'",
    "'yyyy-MM-dd'",
    "'2024-01-31'",
    "8.64e15",
    "{a: 1}",
    "{{",
    "}}",
    " ",
    ";",
    "$if(",
    "$ifEmpty(",
    "numberList(",
    "(() => { ",
    " })()",
    "let x = ",
    "const y = [",
    "for (const x of ",
    "for (let x = 0; x < 9; x++) ",
    "while (x) ",
    "if (x) ",
    "return ",
    "x = ",
    "x += ",
    "x++",
    "x.a = ",
    "x[0] = x",
    "x.push(x)",
    "x.pop()",
    "delete x.a",
    "try { ",
    " } catch (e) { ",
    "throw x",
    "break",
    "switch (x) { case 1: ",
    "function x(y) { ",
    "$jmespath($json, '",
    "people[?a > `1`].b | [0]",
    "sort_by(@, &a)",
    "$evaluateExpression(",
    "Interval.fromISO(",
    "new Intl.NumberFormat(",
];

fn source() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(prop::sample::select(PIECES), 0..14).prop_map(|pieces| pieces.concat());
    prop_oneof![
        4 => pieces.prop_map(|code| format!("{{{{ {code} }}}}")),
        1 => ".{0,60}",
        1 => "\\{\\{.{0,40}\\}\\}.{0,10}",
    ]
}

/// `JMESPath` that comes far.
fn query() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "v",
        "a",
        ".",
        "*",
        "[*]",
        "[]",
        "[0]",
        "[-1:]",
        "[::2]",
        "[?a]",
        "[?",
        "]",
        "(",
        ")",
        "{a: a}",
        "{",
        "}",
        "|",
        "||",
        "&&",
        "!",
        "==",
        "<",
        "`1`",
        "`[1, \"x\"]`",
        "'s'",
        "\"a\"",
        "@",
        "&a",
        "&",
        ",",
        ":",
        "length(",
        "sort_by(v, &a)",
        "map(&@, v)",
        "sum(v)",
        "keys(@)",
        "max(v)",
        "to_string(@)",
        "merge(@)",
        "reverse(v)",
        "é",
        "\\",
        "-9223372036854775808",
    ]);
    prop_oneof![
        4 => prop::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat()),
        1 => ".{0,40}",
    ]
}

/// A value, a method and arguments that need not fit.
fn call() -> impl Strategy<Value = String> {
    let values = prop::sample::select(vec![
        "$json.v",
        "$json.w",
        "'héllo'",
        "'2024-01-31T10:00:00Z'",
        "[1, 'a', null, {a: 1}]",
        "{a: 1, b: [2]}",
        "-1.5",
        "1e300",
        "$now",
        "new Date(0)",
        "new Date(NaN)",
        "Duration.fromMillis(5)",
        "new Set([1])",
        "new Map([[1, 2]])",
        "/a/g",
        "null",
        "true",
        "DateTime.fromISO('x')",
        "'aXb'.match(/x/i)",
        "() => 1",
        "$input",
        "Math",
    ]);
    let args = prop::collection::vec(
        prop::sample::select(vec![
            "1",
            "-1",
            "0",
            "1e9",
            "-1e300",
            "NaN",
            "Infinity",
            "'a'",
            "''",
            "'é'",
            "'days'",
            "'M'",
            "{days: 1e15}",
            "{year: -1e9, month: 14}",
            "[1]",
            "null",
            "undefined",
            "/./g",
            "x => x",
            "() => null",
            "$now",
            "$json.v",
            "$json.w",
            "'yyyy LLL dd HH:mm ZZZZ'",
            "'UTC+99999'",
        ]),
        0..4,
    );
    let methods = prop::sample::select(METHODS);
    (values, methods, args)
        .prop_map(|(value, method, args)| format!("{{{{ ({value}).{method}({}) }}}}", args.join(", ")))
}

const METHODS: &[&str] = &[
    "abs",
    "add",
    "all",
    "append",
    "as",
    "at",
    "average",
    "base64Decode",
    "base64Encode",
    "beginningOf",
    "call",
    "ceil",
    "charAt",
    "charCodeAt",
    "chunk",
    "codePointAt",
    "compact",
    "concat",
    "diff",
    "diffNow",
    "diffTo",
    "diffToNow",
    "difference",
    "endOf",
    "endOfMonth",
    "endsWith",
    "entries",
    "every",
    "exec",
    "extract",
    "extractDomain",
    "extractEmail",
    "extractUrl",
    "extractUrlPath",
    "fill",
    "filter",
    "find",
    "findLast",
    "flat",
    "flatMap",
    "floor",
    "forEach",
    "format",
    "get",
    "getDay",
    "hasField",
    "hasSame",
    "hash",
    "includes",
    "indexOf",
    "intersection",
    "isBetween",
    "isDomain",
    "isEmail",
    "isEmpty",
    "isEven",
    "isInLast",
    "isUrl",
    "isWeekend",
    "join",
    "keepFieldsContaining",
    "keys",
    "last",
    "lastIndexOf",
    "localeCompare",
    "map",
    "match",
    "matchAll",
    "merge",
    "minus",
    "padEnd",
    "padStart",
    "parseJson",
    "pluck",
    "plus",
    "quote",
    "randomItem",
    "reduce",
    "reduceRight",
    "removeMarkdown",
    "removeTags",
    "renameKeys",
    "repeat",
    "replace",
    "replaceAll",
    "replaceSpecialChars",
    "reverse",
    "round",
    "search",
    "set",
    "setDate",
    "setFullYear",
    "setHours",
    "setZone",
    "shiftTo",
    "slice",
    "smartJoin",
    "some",
    "sort",
    "splice",
    "split",
    "startOf",
    "startsWith",
    "substr",
    "substring",
    "sum",
    "test",
    "toDate",
    "toDateTime",
    "toExponential",
    "toFixed",
    "toFormat",
    "toISO",
    "toISOString",
    "toInt",
    "toJsonString",
    "toLocaleDateString",
    "toLocaleString",
    "toNumber",
    "toPrecision",
    "toRelative",
    "toSentenceCase",
    "toSnakeCase",
    "toSpliced",
    "toString",
    "toTitleCase",
    "toUpperCase",
    "trim",
    "union",
    "unique",
    "until",
    "urlDecode",
    "urlEncode",
    "valueOf",
    "values",
    "with",
];

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Undefined),
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(|text: String| Value::from(text)),
        prop::sample::select(vec![
            "2024-01-31",
            "2024-02-30T25:00",
            "12.5",
            "a@b.co",
            "https://x.y/z",
            "{\"a\":1}",
            "\u{feff}x"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec(("[a-c0-9]{1,2}", inner), 0..5)
                .prop_map(|entries| Value::from(entries.into_iter().collect::<Object>())),
        ]
    })
}

fn survives(source: &str, scope: &dyn Scope) {
    let limits = Limits { steps: 50_000, memory: 16 << 20, ..Limits::default() };
    if let Ok(template) = compile(source) {
        let mut budget = Budget::new(limits);
        if let Ok(value) = template.evaluate(scope, &mut budget) {
            // A result is data, and can be written.
            assert!(!matches!(value, Value::Opaque(_)), "{source}");
            value.to_json();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn no_source_makes_it_panic(source in source()) {
        survives(&source, &scope());
        references(&source);
        renamed(&source, "A", "B'\"}}");
    }

    #[test]
    fn no_call_on_any_value_makes_it_panic(source in call(), v in value(), w in value()) {
        let json: Object = [("v", v), ("w", w)].into_iter().collect();
        let scope = ItemsScope::new(vec![Item::new(json)], scope().now(), jiff::tz::TimeZone::UTC);
        survives(&source, &scope);
    }

    #[test]
    fn no_query_makes_it_panic(query in query(), v in value()) {
        let json: Object = [("v", Value::from(vec![v])), ("q", Value::from(query))].into_iter().collect();
        let scope = ItemsScope::new(vec![Item::new(json)], scope().now(), jiff::tz::TimeZone::UTC);
        survives("{{ $jmespath($json, $json.q) }}", &scope);
    }

    #[test]
    fn text_without_blocks_is_its_own_value(text in "[^{}\\\\]{0,40}") {
        let value = compile(&text).unwrap().evaluate(&scope(), &mut Budget::default()).unwrap();
        prop_assert_eq!(value.as_str(), Some(text.as_str()));
    }

    #[test]
    fn numbers_survive_being_written(number in any::<f64>()) {
        let json: Object = [("n", number)].into_iter().collect();
        let scope = ItemsScope::new(vec![Item::new(json)], scope().now(), jiff::tz::TimeZone::UTC);
        let template = compile("{{ Number(String($json.n)) === $json.n || $json.n !== $json.n }}").unwrap();
        prop_assert_eq!(template.evaluate(&scope, &mut Budget::default()).unwrap(), Value::Bool(true));
    }
}
