//! What queries give, and what they may not do.

use super::*;

fn query(text: &str, values: &str, tables: &[&str]) -> Result<String, Failure> {
    let values = serde_json::from_str(values).unwrap();
    let query = Sql { text: text.to_owned(), values, tables: tables.len(), output_bytes: 1 << 20 };
    let mut left = tables.iter();
    let rows = run(&query, || Ok(left.next().unwrap().as_bytes().to_vec())).unwrap();
    rows.map(|json| String::from_utf8(json).unwrap())
}

const PEOPLE: &str =
    r#"[{"id":1,"name":"Ada","tags":["a"],"kind":true},{"id":2,"name":"Zoë 𝄞","kind":false},{"id":3}]"#;
const ORDERS: &str = r#"[{"person":1,"total":2.5},{"person":1,"total":3},{"person":9,"total":1}]"#;

#[test]
fn tables_are_selected_joined_grouped_and_changed() {
    for (text, expected) in [
        ("select name from input1 where id = 2", r#"[{"name":"Zoë 𝄞"}]"#),
        ("select * from input1 limit 1", r#"[{"id":1,"name":"Ada","tags":["a"],"kind":true}]"#),
        (
            "select p.name, sum(o.total) as total from input1 p join input2 o on o.person = p.id group by p.id",
            r#"[{"name":"Ada","total":5.5}]"#,
        ),
        (
            "SELECT id, total FROM input1 LEFT JOIN input2 ON input1.id = input2.person AND total > 2.7",
            r#"[{"id":1,"total":3},{"id":2,"total":null},{"id":3,"total":null}]"#,
        ),
        ("select [id] as `Ä\"b` from input1 where kind;", r#"[{"Ä\"b":1}]"#),
        ("select 1 as a, 2 as b, 3 as a", r#"[{"a":3,"b":2}]"#),
        ("select count(*) as n from input1 where tags is null -- the end", r#"[{"n":2}]"#),
        ("delete from input1 where id > 1; select count(*) as n from input1", r#"[{"n":1}]"#),
        ("create table t as select id from input1; select max(id) as m from t", r#"[{"m":3}]"#),
        ("update input1 set name = 'x'", "[]"),
        (
            "select 9007199254740993 as big, 1e999 as none, 0.1 as tenth",
            r#"[{"big":9007199254740993,"none":null,"tenth":0.1}]"#,
        ),
        (
            "with recursive n(i) as (select 1 union all select i + 1 from n where i < 3) select i from n",
            r#"[{"i":1},{"i":2},{"i":3}]"#,
        ),
    ] {
        assert_eq!(query(text, "[]", &[PEOPLE, ORDERS]).as_deref().unwrap(), expected, "{text}");
    }
}

#[test]
fn what_an_item_lacks_is_absent_where_all_is_selected() {
    let people = r#"[{"id":1,"name":"Ann","obj":{"x":1}},{"id":2,"name":null},{"id":3,"name":"Al"}]"#;
    let towns = r#"[{"person":1,"town":"Rome","id":10},{"person":2,"town":"Oslo"},{"person":1,"town":"Pisa"}]"#;
    for (text, expected) in [
        ("select * from input1", people),
        ("select obj from input1 where id = 2", r#"[{"obj":null}]"#),
        (
            "select * from input1 join input2 on input1.id = input2.person",
            r#"[{"id":10,"name":"Ann","obj":{"x":1},"person":1,"town":"Rome"},{"id":1,"name":"Ann","obj":{"x":1},"person":1,"town":"Pisa"},{"id":2,"name":null,"person":2,"town":"Oslo"}]"#,
        ),
        ("select * from input1 left join input2 on input1.name = input2.id", people),
        (
            "select a.*, b.town from input1 a left join input2 b on a.id = b.person where a.id > 1",
            r#"[{"id":2,"name":null,"town":"Oslo"},{"id":3,"name":"Al","town":null}]"#,
        ),
        (
            "select * from (select * from input2) where town like '%s%' order by town",
            r#"[{"person":2,"town":"Oslo"},{"person":1,"town":"Pisa"}]"#,
        ),
        (
            "update input1 set obj = 7 where id = 2; select * from input1 where id = 2",
            r#"[{"id":2,"name":null,"obj":7}]"#,
        ),
        // Where columns are counted, all of them are there.
        (
            "insert into input2 values (4, 'Bern', 5); select * from input2 where id = 5",
            r#"[{"person":4,"town":"Bern","id":5}]"#,
        ),
        (
            "select * from input1 where id = 3 union all select 1, 2, 3",
            r#"[{"id":3,"name":"Al","obj":null},{"id":1,"name":2,"obj":3}]"#,
        ),
        (
            "select id from input1 where id in (select * from (select person from input2 where town = 'Oslo'))",
            r#"[{"id":2}]"#,
        ),
        ("select town from input1 natural join input2", "[]"),
        ("select count(*) as n from input1, input2", r#"[{"n":9}]"#),
    ] {
        assert_eq!(query(text, "[]", &[people, towns]).as_deref().unwrap(), expected, "{text}");
    }
}

#[test]
fn joins_give_rows_in_the_order_of_the_items() {
    let people = r#"[{"id":3,"name":"C"},{"id":1,"name":"A"},{"id":2,"name":"B"}]"#;
    let towns = r#"[{"person":1,"town":"Rome"},{"person":2,"town":"Oslo"},{"person":1,"town":"Pisa"},{"person":3,"town":"Bern"}]"#;
    for text in [
        "select town from input1 join input2 on id = person",
        "select town from input1 a, input2 b where a.id = b.person",
        "select town from input1 left join input2 on id = person where town is not null",
        "select input2.town from input1 join input2 on id = person where town > 'A' and input2.person in (1, 2, 3)",
    ] {
        let expected = r#"[{"town":"Bern"},{"town":"Rome"},{"town":"Pisa"},{"town":"Oslo"}]"#;
        assert_eq!(query(text, "[]", &[people, towns]).as_deref().unwrap(), expected, "{text}");
    }
    let other = "select town from input2 join input1 on id = person where name > 'A' or id = 1";
    let expected = r#"[{"town":"Rome"},{"town":"Oslo"},{"town":"Pisa"},{"town":"Bern"}]"#;
    assert_eq!(query(other, "[]", &[people, towns]).as_deref().unwrap(), expected);
}

#[test]
fn placeholders_take_values_in_their_order() {
    let found = query("select name from input1 where id = ? and name = $who", r#"[1,"Ada"]"#, &[PEOPLE]);
    assert_eq!(found.as_deref().unwrap(), r#"[{"name":"Ada"}]"#);
    for (values, part) in [("[1]", "without a value"), ("[1,2,3]", "more values")] {
        let failure = query("select ? as a, ? as b", values, &[]).unwrap_err();
        assert!(failure.message.contains(part), "{failure:?}");
    }
}

#[test]
fn a_field_that_no_item_has_is_null_where_its_table_is_known() {
    for (text, expected) in [
        ("select input1.id, input1.colour from input1 where id = 1", r#"[{"id":1,"colour":null}]"#),
        (
            "select input1.id, x.total from input1 left join input2 x on x.person = input1.id limit 1",
            r#"[{"id":1,"total":null}]"#,
        ),
        ("select * from input2", "[]"),
        ("select * from input1 left join input2 limit 1", r#"[{"id":1,"name":"Ada","tags":["a"],"kind":true}]"#),
    ] {
        assert_eq!(query(text, "[]", &[PEOPLE, "[]"]).as_deref().unwrap(), expected, "{text}");
    }
    let failure = query("delete from input1;\nselect colour from input1", "[]", &[PEOPLE]).unwrap_err();
    assert_eq!((failure.kind, failure.message.as_str()), (FailureKind::Syntax, "SQL: no such column: colour."));
}

#[test]
fn an_item_without_fields_is_a_row_without_fields() {
    assert_eq!(query("select * from input1", "[]", &["[{},{}]"]).as_deref().unwrap(), "[{},{}]");
}

#[test]
fn what_leads_outside_is_refused() {
    for text in [
        "attach database '/tmp/x' as x",
        "pragma user_version = 5",
        "select load_extension('x')",
        "create virtual table t using fts5(a)",
        "begin",
        "commit; select 1 as a",
        "create trigger t after insert on input1 begin select 1; end",
    ] {
        let failure = query(text, "[]", &[PEOPLE]).unwrap_err();
        assert!(failure.message.contains("nothing else"), "{text}: {failure:?}");
    }
}

#[test]
fn no_file_is_written() {
    // Statements run in a transaction that they cannot end, and nothing is vacuumed in one.
    let failure = query("vacuum into '/tmp/x'", "[]", &[PEOPLE]).unwrap_err();
    assert!(failure.message.contains("within a transaction"), "{failure:?}");
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let failure = query("select id\nfrom input1 wher id = 2", "[]", &[PEOPLE]).unwrap_err();
    assert_eq!((failure.kind, failure.line), (FailureKind::Syntax, Some(2)), "{failure:?}");
    for (text, part) in [
        ("", "no statement"),
        ("select * from input7", "no such table: input7"),
        ("select x'00ff' as bytes", "hex("),
        ("select abs('-9223372036854775808' + 0)", "overflow"),
    ] {
        let failure = query(text, "[]", &[PEOPLE]).unwrap_err();
        assert!(failure.message.contains(part), "{text}: {failure:?}");
    }
    let failure = query("select 1", "[]", &[r#"[{"Name":1,"name":2}]"#]).unwrap_err();
    assert!(failure.message.contains("“Name” and “name”"), "{failure:?}");
}

#[test]
fn a_query_without_end_and_a_result_without_end_are_stopped() {
    let endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) as n from n";
    assert!(query(endless, "[]", &[]).unwrap_err().message.contains("too long"));
    let wide =
        "with recursive n(i) as (select 1 union all select i + 1 from n) select printf('%1000c', 'x') as x from n";
    assert_eq!(query(wide, "[]", &[]).unwrap_err().kind, FailureKind::Output);
}

#[test]
fn a_hundred_thousand_items_are_joined() {
    let table: Vec<_> = (0..100_000).map(|n| serde_json::json!({ "id": n, "name": format!("n{n}") })).collect();
    let table = serde_json::to_string(&table).unwrap();
    let found = query("select count(*) as n from input1 join input2 using (id)", "[]", &[&table, &table]);
    assert_eq!(found.as_deref().unwrap(), r#"[{"n":100000}]"#);
}
