use crate::{check_all, check_fails};

#[test]
fn jmespath_finds_what_the_specification_says() {
    let find = |query: &str| format!("$jmespath($json, {query:?})");
    let table = [
        ("deep.a.b.c", "1"),
        ("nope.a", "null"),
        ("list[0]", "3"),
        ("list[-1]", "2"),
        ("list[9]", "null"),
        ("list[:2]", "[3,1]"),
        ("list[::-1]", "[2,1,3]"),
        ("people[*].name", r#"["Ada","Bob","Cy"]"#),
        ("people[?age > `18`].name", r#"["Ada","Cy"]"#),
        ("people[?age > `18` && name != 'Cy'].name | [0]", r#""Ada""#),
        ("people[?!(age > `18`)].age", "[17]"),
        ("people[].[name, age][]", r#"["Ada",36,"Bob",17,"Cy",70]"#),
        ("people[0].{who: name, old: age}", r#"{"who":"Ada","old":36}"#),
        ("deep.*.b.c", "[1]"),
        ("\"with space\"", r#""x""#),
        ("nope || name", r#""Ada Lovelace""#),
        ("empty && name", r#""""#),
        ("zero && name", r#""Ada Lovelace""#),
        ("length(people)", "3"),
        ("sum(list)", "6"),
        ("avg(list)", "2"),
        ("sort(list)", "[1,2,3]"),
        ("sort_by(people, &age)[*].name", r#"["Bob","Ada","Cy"]"#),
        ("max_by(people, &age).name", r#""Cy""#),
        ("min(list)", "1"),
        ("join('-', people[*].name)", r#""Ada-Bob-Cy""#),
        ("map(&age, people)", "[36,17,70]"),
        ("keys(deep)", r#"["a"]"#),
        ("contains(name, 'Love')", "true"),
        ("starts_with(name, 'Ada')", "true"),
        ("to_number('12.5')", "12.5"),
        ("to_string(list)", r#""[3,1,2]""#),
        ("type(list)", r#""array""#),
        ("not_null(nothing, n)", "5"),
        ("merge(deep, `{\"z\": 1}`).z", "1"),
        ("reverse(list)", "[2,1,3]"),
        ("people[?contains(name, 'o')] | length(@)", "1"),
    ];
    let table: Vec<_> = table.iter().map(|(query, expected)| (find(query), *expected)).collect();
    check_all(&table.iter().map(|(query, expected)| (query.as_str(), *expected)).collect::<Vec<_>>());
}

#[test]
fn a_broken_query_is_explained() {
    for (query, part) in [
        ("a[", "ends too early"),
        ("a.b)", "\")\" is not expected"),
        ("a..b", "not expected"),
        ("foo(a)", "no function foo()"),
        ("length()", "takes 1 arguments"),
        ("length(n)", "text, a list or an object"),
        ("sort(people)", "numbers alone or texts alone"),
        ("'open", "never closed"),
        ("list[::0]", "cannot be 0"),
        ("é", "not expected"),
        ("constructor", "cannot use \"constructor\""),
        ("a.\"__proto__\"", "cannot use"),
        ("{prototype: a}", "cannot use"),
    ] {
        check_fails(&format!("$jmespath($json, {query:?})"), part);
    }
    check_fails("$jmespath('text', 'a')", "an object or a list");
    check_fails("$jmespath($json)", "needs a query");
    check_fails("$jmespath($json, '('.repeat(5000))", "JMESPath");
    check_fails("$jmespath($json, Array(3000).fill('a').join('.'))", "longer than");
}

#[test]
fn an_expression_that_is_text_can_be_evaluated() {
    check_all(&[
        ("$evaluateExpression('{{ $json.n + 1 }}')", "6"),
        ("$evaluateExpression('={{ $json.n }} of 10')", r#""5 of 10""#),
        ("$evaluateExpression('{{ $json.name }}', 1)", r#""Second""#),
        ("$evaluateExpression('plain')", r#""plain""#),
        ("[1, 2].map(x => $evaluateExpression('{{ 1 }}') + x)", "[2,3]"),
    ]);
    check_fails("$evaluateExpression('{{ 1 + }}')", "not an expression");
    check_fails("$evaluateExpression('{{ () => 1 }}')", "function");
    check_fails("$evaluateExpression('a {{ () => 1 }}')", "function");
}

#[test]
fn formats_of_the_world_are_made_once_and_used_often() {
    check_all(&[
        (
            "new Intl.NumberFormat('de-DE', { style: 'currency', currency: 'EUR' }).format(1234.5)",
            "\"1.234,50\u{a0}€\"",
        ),
        ("Intl.NumberFormat('en-US').format(1234567.891)", r#""1,234,567.891""#),
        ("[1, 2].map(new Intl.NumberFormat('en-US', { minimumFractionDigits: 1 }).format)", r#"["1.0","2.0"]"#),
        ("new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC' }).format(new Date(0))", r#""01/01/1970""#),
        ("'déjà'.normalize('NFD').replace(/[\\u0300-\\u036f]/g, '')", r#""deja""#),
        ("$env.PATH", "undefined"),
        ("$env", "{}"),
        ("$execution.customData.get('a')", "undefined"),
        ("$fromAI('city', '', 'string', 'Rome')", r#""Rome""#),
        ("$dateFormat(0, 'yyyy', 'UTC')", r#""1970""#),
        ("$json().name === $json.name && $json('name') === $json.name", "true"),
        ("$json('nowhere.to.be[0]')", "null"),
        ("Interval.fromISO('2026-03-01/P2D').length('days')", "2"),
        ("$now.plus({ days: 1 }).toRelativeCalendar()", r#""tomorrow""#),
        ("$now.minus({ months: 1 }).toRelativeCalendar()", r#""last month""#),
        ("$now.plus({ hours: 5 }).toRelative({ unit: 'minutes' })", r#""in 300 minutes""#),
    ]);
    check_fails("$fromAI('city')", "No model");
    check_fails("$dateFormat('x')", "needs a date");
    check_fails("$json(1)", "what is looked for");
}
