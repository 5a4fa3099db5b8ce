use super::*;
use crate::testing::TestStep;

/// What a filter of one condition says; values are JavaScript.
fn ask(kind: &str, operation: &str, left: &str, right: &str, options: &str) -> Result<bool, NodeError> {
    let filter = serde_json::json!({
        "conditions": [{
            "leftValue": format!("={{{{ {left} }}}}"),
            "rightValue": format!("={{{{ {right} }}}}"),
            "operator": { "type": kind, "operation": operation },
        }],
        "options": serde_json::from_str::<serde_json::Value>(&format!("{{{options}}}")).unwrap(),
    });
    let conditions: Conditions = serde_json::from_value(filter).unwrap();
    conditions.hold(&TestStep::new(&["[{}]"]), 0, Reading::default())
}

const LOOSE: &str = r#""typeValidation":"loose""#;

/// Checks lines of `left operation right -> expected` for one type; `error` where the values cannot be read so.
fn check(kind: &str, options: &str, lines: &[&str]) {
    for line in lines {
        let (question, expected) = line.rsplit_once(" -> ").unwrap();
        let words: Vec<&str> = question.splitn(3, " | ").collect();
        let answer = ask(kind, words[1], words[0], words.get(2).copied().unwrap_or("undefined"), options);
        let answer = answer.map_or_else(|error| error.code.to_string(), |truth| truth.to_string());
        assert_eq!(answer, expected.replace("error", "condition_type"), "{kind}: {line} with {{{options}}}");
    }
}

#[test]
fn texts_are_compared() {
    check(
        "string",
        "",
        &[
            "'' | exists -> true",
            "null | exists -> false",
            "undefined | notExists -> true",
            "'' | empty -> true",
            "null | empty -> true",
            "' ' | empty -> false",
            "'é' | notEmpty -> true",
            "undefined | notEmpty -> false",
            "'a' | equals | 'a' -> true",
            "'a' | equals | 'A' -> false",
            "null | equals | '' -> true",
            "'a' | notEquals | 'b' -> true",
            "'Straße' | contains | 'ß' -> true",
            "'abc' | contains | '' -> true",
            "'abc' | notContains | 'b' -> false",
            "'abc' | startsWith | 'ab' -> true",
            "'abc' | notStartsWith | '' -> false",
            "'abc' | endsWith | 'bc' -> true",
            "'abc' | notEndsWith | 'b' -> true",
            "'abc' | regex | '^a.c$' -> true",
            "'ABC' | regex | '/^a.c$/i' -> true",
            "'ABC' | regex | '^a.c$' -> false",
            "'abc' | regex | 'b(?=c)' -> true",
            "'abc' | notRegex | 'x' -> true",
            "'a/b' | regex | '/a/b/' -> true",
            "'' | regex | '' -> true",
            "1 | equals | '1' -> error",
            "'1' | equals | 1 -> error",
            "true | exists -> error",
            "'abc' | never | 'abc' -> false",
        ],
    );
    check(
        "string",
        LOOSE,
        &[
            "1 | equals | '1' -> true",
            "true | equals | 'true' -> true",
            "['a'] | equals | '[\"a\"]' -> true",
            "15.5 | contains | 5 -> true",
        ],
    );
    check(
        "string",
        r#""caseSensitive":false"#,
        &[
            "'a' | equals | 'A' -> true",
            "'ÉCOLE' | contains | 'éc' -> true",
            "'ABC' | regex | '^a.c$' -> true",
            "'abc' | regex | '[A-Z]' -> false",
            "'a b' | regex | '^\\\\S+$' -> false",
        ],
    );
}

#[test]
fn a_moment_is_its_text_where_a_text_is_asked_for() {
    let lines = [
        "DateTime.fromISO('2026-03-15') | exists -> true",
        "DateTime.fromISO('2026-03-15') | empty -> false",
        "DateTime.fromISO('2026-03-15') | startsWith | '2026-03' -> true",
        "new Date('2026-03-15T10:30:00Z') | contains | '10:30' -> true",
        "DateTime.fromISO('2026-03-15') | equals | '2026-03-15T00:00:00.000Z' -> true",
        "DateTime.fromISO('2026-03-15') | notEndsWith | 'Z' -> false",
        "'2026-03-15T00:00:00.000Z' | equals | DateTime.fromISO('2026-03-15') -> true",
        "$now | regex | '^[0-9-]{10}T' -> true",
        "$now | notRegex | '^[0-9-]{10}T' -> false",
    ];
    for options in ["", LOOSE, r#""version":1"#] {
        check("string", options, &lines);
    }
    check("array", "", &["$now | exists -> error"]);
    check("boolean", "", &["$now | true -> error"]);
}

#[test]
fn numbers_are_compared() {
    check(
        "number",
        "",
        &[
            "0 | exists -> true",
            "NaN | exists -> false",
            "null | notExists -> true",
            "0 | empty -> false",
            "NaN | empty -> true",
            "undefined | empty -> true",
            "0 | notEmpty -> true",
            "1 | equals | 1 -> true",
            "null | equals | null -> true",
            "null | equals | undefined -> false",
            "NaN | equals | NaN -> false",
            "1 | notEquals | NaN -> true",
            "2 | gt | 1 -> true",
            "1 | gte | 1 -> true",
            "2 | lt | 1 -> false",
            "1.00001 | lte | 1 -> false",
            "1 | gte | NaN -> false",
            "null | lt | 1 -> true",
            "undefined | lt | 1 -> false",
            "null | gt | 1 -> false",
            "'5' | gt | 1 -> error",
            "5 | gt | '1' -> error",
            "'' | empty -> true",
            "true | equals | 1 -> error",
        ],
    );
    check(
        "number",
        LOOSE,
        &[
            "'5' | gt | '1' -> true",
            "' 0x10 ' | equals | 16 -> true",
            "true | equals | 1 -> true",
            "'x' | gt | 1 -> error",
            "({}) | exists -> error",
            "[7] | equals | 7 -> true",
            "'' | empty -> true",
            "[] | empty -> true",
            "'' | notEmpty -> false",
            "' ' | empty -> true",
            "'\\t' | notExists -> true",
            "'' | equals | 0 -> false",
            "'' | gte | [] -> true",
        ],
    );
    check(
        "number",
        "",
        &["'' | notEmpty -> false", "' ' | empty -> true", "[] | exists -> false", "'x' | empty -> error"],
    );
    check("number", r#""version":2"#, &["'' | notEmpty -> error", "[] | exists -> error"]);
    let second = r#""typeValidation":"loose","version":2"#;
    check("number", second, &["'' | empty -> false", "[] | empty -> false", "'' | equals | 0 -> true"]);
}

#[test]
fn truth_is_compared() {
    check(
        "boolean",
        "",
        &[
            "false | exists -> true",
            "false | empty -> false",
            "null | empty -> true",
            "true | notEmpty -> true",
            "true | true -> true",
            "null | true -> false",
            "undefined | false -> true",
            "false | false -> true",
            "true | equals | false -> false",
            "true | notEquals | false -> true",
            "null | equals | false -> false",
            "'true' | true -> error",
            "1 | equals | true -> error",
        ],
    );
    check(
        "boolean",
        LOOSE,
        &[
            "'false' | equals | false -> true",
            "'FALSE' | true -> false",
            "'0' | true -> false",
            "'no' | true -> true",
            "'' | true -> false",
            "2 | true -> true",
            "0 | false -> true",
            "({}) | true -> true",
            "[] | true -> false",
        ],
    );
    let first = r#""typeValidation":"loose","version":1"#;
    check(
        "boolean",
        first,
        &["'false' | true -> true", "'0' | equals | true -> true", "'' | true -> false", "[] | true -> true"],
    );
}

#[test]
fn moments_are_compared() {
    check(
        "dateTime",
        "",
        &[
            "'2026-01-01' | exists -> true",
            "null | empty -> true",
            "'2026-01-01' | notEmpty -> true",
            "'2026-01-01T01:00:00+01:00' | equals | '2026-01-01T00:00:00Z' -> true",
            "'2026-01-01' | notEquals | '2026-01-02' -> true",
            "'2026-02-01T00:00:00Z' | after | '2026-01-01' -> true",
            "'2026-02-01' | before | '2026-01-01' -> false",
            "'2026-01-01' | afterOrEquals | '2026-01-01T00:00:00.000Z' -> true",
            "'2026-01-01 00:00:00' | beforeOrEquals | '2025-12-31' -> false",
            "'2026-W01-1' | equals | '2025-12-29' -> true",
            "'2026-032' | equals | '20260201' -> true",
            "'2026-01' | equals | '2026-01-01' -> true",
            "'Thu, 01 Jan 2026 00:00:00 GMT' | equals | '2026-01-01' -> true",
            "'1/2/2026' | equals | 'Jan 2, 2026' -> true",
            "DateTime.fromISO('2026-01-01') | equals | new Date('2026-01-01T00:00:00Z') -> true",
            "null | equals | null -> false",
            "null | notEquals | '2026-01-01' -> false",
            "'2026-01-01' | after | undefined -> false",
            "'soon' | exists -> error",
            "'' | empty -> error",
            "true | after | '2026-01-01' -> error",
        ],
    );
}

#[test]
fn lists_and_objects_are_looked_into() {
    check(
        "array",
        "",
        &[
            "[] | exists -> true",
            "[] | empty -> true",
            "null | empty -> true",
            "[1] | notEmpty -> true",
            "['a', 1] | contains | 'a' -> true",
            "['a', 1] | contains | 'A' -> false",
            "[1, 2] | contains | '2' -> false",
            "[NaN] | contains | NaN -> true",
            "[{ a: 1 }] | contains | ({ a: 1 }) -> true",
            "null | notContains | 1 -> true",
            "[1, 2] | lengthEquals | 2 -> true",
            "[1, 2] | lengthNotEquals | 2 -> false",
            "[1, 2] | lengthGt | 1 -> true",
            "[1, 2] | lengthLt | 2 -> false",
            "[1, 2] | lengthGte | 3 -> false",
            "[] | lengthLte | null -> true",
            "[1] | lengthGt | null -> true",
            "[] | lengthEquals | null -> false",
            "[] | lengthLte | undefined -> false",
            "[] | lengthLte | 0 -> true",
            "'[]' | lengthEquals | 0 -> error",
            "[] | lengthEquals | '0' -> error",
        ],
    );
    check("array", LOOSE, &["'[1, 2]' | lengthEquals | '2' -> true", "'x' | empty -> error"]);
    check("array", r#""caseSensitive":false"#, &["['a', 1] | contains | 'A' -> true", "[1] | contains | 'a' -> false"]);
    check(
        "object",
        "",
        &[
            "({}) | exists -> true",
            "({}) | empty -> true",
            "null | empty -> true",
            "({ a: 1 }) | notEmpty -> true",
            "undefined | notEmpty -> false",
            "[1] | empty -> error",
            "'x' | exists -> error",
        ],
    );
    check(
        "object",
        LOOSE,
        &["'null' | notExists -> true", "'({a: 1})' | notEmpty -> error", "'{a: 1}' | notEmpty -> true"],
    );
    check("any", "", &["'' | exists -> true", "null | notExists -> true", "1 | never | 1 -> false"]);
}

#[test]
fn values_of_the_first_generation_have_no_type() {
    let first = r#""version":0"#;
    check(
        "number",
        first,
        &[
            "'5' | gt | 1 -> true",
            "'10' | gt | '9' -> false",
            "'5' | equals | 5 -> false",
            "'x' | lt | 1 -> false",
            "null | lte | 0 -> true",
            "({}) | empty -> true",
            "0 | empty -> false",
            "NaN | empty -> true",
        ],
    );
    check(
        "string",
        first,
        &[
            "15 | contains | 5 -> true",
            "null | contains | '' -> true",
            "1 | equals | '1' -> false",
            "'AB' | regex | '/b/i' -> true",
        ],
    );
    check("boolean", first, &["'true' | equals | true -> false", "true | notEquals | false -> true"]);
    check("dateTime", first, &["'2026-02-01' | after | '2026-01-01' -> true", "'x' | after | '2026-01-01' -> error"]);
}

#[test]
fn a_condition_that_fails_guards_the_next_one() {
    let guarded = |combinator: &str, first: &str| {
        let conditions: Conditions = serde_json::from_str(&format!(
            r#"{{"combinator":"{combinator}","conditions":[
                {{"leftValue":{first},"operator":{{"type":"string","operation":"exists"}}}},
                {{"leftValue":"x","rightValue":1,"operator":{{"type":"number","operation":"gt"}}}}]}}"#
        ))
        .unwrap();
        conditions.hold(&TestStep::new(&["[{}]"]), 0, Reading::default()).ok()
    };
    assert_eq!(guarded("and", "null"), Some(false));
    assert_eq!(guarded("and", "\"a\""), None);
    assert_eq!(guarded("or", "\"a\""), Some(true));
    assert_eq!(guarded("or", "null"), None);
    for (combinator, holds) in [("and", true), ("or", false)] {
        let none: Conditions = serde_json::from_str(&format!(r#"{{"combinator":"{combinator}"}}"#)).unwrap();
        assert_eq!(none.hold(&TestStep::new(&["[{}]"]), 0, Reading::default()), Ok(holds));
    }
}

#[test]
fn errors_say_what_was_found_and_what_to_do() {
    let error = ask("number", "gt", "'abc'", "1", "").unwrap_err();
    assert_eq!(error.message, "The left value is the text “abc”, but a number is expected.");
    assert_eq!(error.field.as_deref(), Some("conditions.conditions[0]"));
    let error = ask("number", "gt", "1", "'abc'", LOOSE).unwrap_err();
    assert_eq!(error.message, "The right value, the text “abc”, cannot be read as a number.");
    let error = ask("number", "gt", "'é'.repeat(1000)", "1", "").unwrap_err();
    assert!(error.message.len() < 200, "{}", error.message);
    assert_eq!(ask("string", "regex", "'a'", "'('", "").unwrap_err().code, "condition_pattern");
}

#[test]
fn unknown_operations_are_problems_here_and_never_hold_where_they_are_imported() {
    for operator in [
        r#"{"type":"number","operation":"smells"}"#,
        r#"{"type":"number","operation":"contains"}"#,
        r#"{"type":"colour","operation":"equals"}"#,
    ] {
        let filter = format!(r#"{{"conditions":[{{"leftValue":1,"rightValue":1,"operator":{operator}}}]}}"#);
        assert!(serde_json::from_str::<Conditions>(&filter).is_err(), "{operator}");
        let old = weft_value::from_json(&filter).unwrap();
        let lifted = lift(&Value::Undefined, [&old]);
        assert_eq!(lifted.remarks.len(), 1, "{operator}");
        let new: Conditions = serde_json::from_str(&lifted.filters[0].to_json()).unwrap();
        assert_eq!(new.hold(&TestStep::new(&["[{}]"]), 0, Reading::default()), Ok(false), "{operator}");
    }
}

#[test]
fn filters_that_differ_keep_how_they_read() {
    let filter = |options: &str| weft_value::from_json(&format!(r#"{{"options":{options}}}"#)).unwrap();
    let strict = filter(r#"{"caseSensitive":true,"typeValidation":"strict","version":3}"#);
    let loose = filter(r#"{"caseSensitive":true,"version":2}"#);
    let lifted = lift(&Value::Undefined, [&strict, &loose]);
    assert!(!lifted.loose && !lifted.ignore_case);
    assert_eq!(lifted.filters[0].get("options").to_json(), r#"{"version":3}"#);
    let own = r#"{"version":2,"typeValidation":"loose","caseSensitive":true}"#;
    assert_eq!(lifted.filters[1].get("options").to_json(), own);
    let lifted = lift(&weft_value::from_json(r#"{"looseTypeValidation":true}"#).unwrap(), [&filter("null")]);
    assert!(lifted.loose);
}
