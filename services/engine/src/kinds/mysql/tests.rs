//! Statements and imports as tables; what a real server makes of them is tested in `tests/servers/mysql.rs`.

use weft_nodes::testing::{TestStep, import};
use weft_value::{Item, from_json};

use super::*;

const CREDENTIAL: &str = "0198f2a0-0000-7000-8000-000000000007";

fn node(json: &str) -> Parameters {
    let mut given = from_json(json).unwrap().as_object().unwrap().clone();
    given.insert("credential", CREDENTIAL);
    prepared(&given.into()).unwrap()
}

/// The statements of the first item: their texts, and their values as JSON.
fn sql(json: &str, items: &str) -> Result<Vec<(String, String)>, NodeError> {
    let statements = node(json).statements(&TestStep::new(&[items]), 0)?;
    Ok(statements.into_iter().map(|one| (one.sql, Value::from(one.values).to_json())).collect())
}

#[test]
fn every_operation_is_a_statement() {
    for (json, items, expected, values) in [
        (r#"{"table":"t"}"#, "[{}]", "SELECT * FROM `t` LIMIT 50", "[]"),
        (
            r#"{"table":"=shop.t{{ $json.n }}","returnAll":true,"combineConditions":"OR",
               "options":{"outputColumns":"a, b","selectDistinct":true},
               "where":{"values":[{"column":"a`b","value":"it's"},{"column":"c","condition":"IS NULL"},
                                  {"column":"d","condition":">=","value":"={{ $json.n }}"}]},
               "sort":{"values":[{"column":"a","direction":"DESC"},{"column":"b"}]}}"#,
            r#"[{"n":7}]"#,
            "SELECT DISTINCT `a`,`b` FROM `shop`.`t7` WHERE `a``b` = ? OR `c` IS NULL OR `d` >= ? ORDER BY `a` DESC, `b` ASC",
            r#"["it's",7]"#,
        ),
        (
            r#"{"operation":"insert","table":"t"}"#,
            r#"[{"id":1,"é":"世'","list":[1],"x":null,"o":{"a":1}}]"#,
            "INSERT INTO `t` (`id`,`é`,`list`,`x`,`o`) VALUES (?,?,?,?,?)",
            r#"[1,"世'",[1],null,{"a":1}]"#,
        ),
        (
            r#"{"operation":"insert","table":"t","options":{"skipOnConflict":true,"replaceEmptyStrings":true,"priority":"LOW_PRIORITY"}}"#,
            r#"[{"a":"","b":"x"}]"#,
            "INSERT LOW_PRIORITY IGNORE INTO `t` (`a`,`b`) VALUES (?,?)",
            r#"[null,"x"]"#,
        ),
        (r#"{"operation":"insert","table":"t"}"#, "[{}]", "INSERT INTO `t` () VALUES ()", "[]"),
        (
            r#"{"operation":"upsert","table":"t","matchingColumns":"id","dataMode":"defineBelow","options":{"skipOnConflict":true},
               "valuesToSend":{"values":[{"column":"id","value":"={{ $json.i }}"},{"column":"a","value":"x"}]}}"#,
            r#"[{"i":3}]"#,
            "INSERT INTO `t` (`id`,`a`) VALUES (?,?) ON DUPLICATE KEY UPDATE `a` = VALUES(`a`)",
            r#"[3,"x"]"#,
        ),
        (
            r#"{"operation":"upsert","table":"t","matchingColumns":"id"}"#,
            r#"[{"id":3}]"#,
            "INSERT INTO `t` (`id`) VALUES (?) ON DUPLICATE KEY UPDATE `id` = `id`",
            "[3]",
        ),
        (
            r#"{"operation":"update","table":"t","matchingColumns":"id, k"}"#,
            r#"[{"id":3,"k":"a","v":true}]"#,
            "UPDATE `t` SET `v` = ? WHERE `id` = ? AND `k` = ?",
            r#"[true,3,"a"]"#,
        ),
        (r#"{"operation":"deleteTable","table":"t"}"#, "[{}]", "TRUNCATE TABLE `t`", "[]"),
        (
            r#"{"operation":"deleteTable","deleteCommand":"delete","table":"t","where":{"values":[{"column":"id","value":"7"}]}}"#,
            "[{}]",
            "DELETE FROM `t` WHERE `id` = ?",
            r#"["7"]"#,
        ),
        (
            r#"{"operation":"deleteTable","deleteCommand":"drop","table":"t`; drop table users"}"#,
            "[{}]",
            "DROP TABLE IF EXISTS `t; drop table users`",
            "[]",
        ),
        (
            r#"{"operation":"executeQuery","query":"select '$1', $1; select 2"}"#,
            "[{}]",
            "select '$1', $1; select 2",
            "[]",
        ),
        (
            r#"{"operation":"executeQuery","query":"select $1, $2","options":{"queryReplacement":"a, b"}}"#,
            "[{}]",
            "select ?, ?",
            r#"["a","b"]"#,
        ),
        (
            r#"{"operation":"executeQuery","query":"select $1, $2:name","options":{"queryReplacement":"={{ $json.a }}, {{ $json.b }}"}}"#,
            r#"[{"a":"1,2'","b":"t"}]"#,
            "select ?, `t`",
            r#"["1,2'"]"#,
        ),
        (
            r#"{"operation":"executeQuery","query":"select $1","options":{"queryReplacement":"={{ [$json.a] }}","replaceEmptyStrings":true}}"#,
            r#"[{"a":""}]"#,
            "select ?",
            "[null]",
        ),
    ] {
        assert_eq!(sql(json, items).unwrap(), [(expected.to_owned(), values.to_owned())], "{json}");
    }
}

#[test]
fn what_makes_no_statement_is_told_by_its_parameter() {
    for (json, items, field) in [
        (r#"{"table":"={{ $json.none }}"}"#, "[{}]", Some("table")),
        (r#"{"operation":"update","table":"t","matchingColumns":"id"}"#, r#"[{"v":1}]"#, Some("matchingColumns")),
        (r#"{"operation":"update","table":"t","matchingColumns":"id"}"#, r#"[{"id":1}]"#, None),
        (r#"{"operation":"upsert","table":"t","matchingColumns":" , "}"#, r#"[{"id":1}]"#, Some("matchingColumns")),
        (r#"{"table":"t","where":{"values":[{"value":"1"}]}}"#, "[{}]", Some("where")),
        (r#"{"operation":"executeQuery","query":"={{ $json.none }}"}"#, "[{}]", Some("query")),
        (
            r#"{"operation":"executeQuery","query":"$3","options":{"queryReplacement":"a"}}"#,
            "[{}]",
            Some("options.queryReplacement"),
        ),
    ] {
        assert_eq!(sql(json, items).unwrap_err().field.as_deref(), field, "{json}");
    }
    for json in [r#"{"operation":"merge","table":"t"}"#, r#"{"operation":"insert"}"#, r#"{"table":"t"}"#] {
        assert!(prepared(&from_json(json).unwrap()).is_err(), "{json}");
    }
}

#[test]
fn what_sets_the_same_values_again_may_be_repeated() {
    for (operation, retried) in [
        (r#"{"table":"t"}"#, Retried::Idempotent),
        (r#"{"operation":"insert","table":"t"}"#, Retried::AtMostOnce),
        (r#"{"operation":"upsert","table":"t","matchingColumns":"id"}"#, Retried::Idempotent),
        (r#"{"operation":"executeQuery","query":"select 1"}"#, Retried::AtMostOnce),
    ] {
        assert_eq!(node(operation).retried(), retried, "{operation}");
    }
}

#[test]
fn a_hundred_thousand_items_are_as_many_statements_of_one_text() {
    let node = node(r#"{"operation":"insert","table":"t"}"#);
    let items = (0..100_000_u32).map(|id| Item::new([("id", id)].into_iter().collect::<Object>())).collect();
    let step = TestStep::of_items(items);
    let made = (0..100_000).map(|index| node.statements(&step, index).unwrap().remove(0));
    assert!(made.enumerate().all(|(index, one)| {
        one.sql == "INSERT INTO `t` (`id`) VALUES (?)" && one.values[0].to_json() == index.to_string()
    }));
}

#[test]
fn every_version_of_n8n_is_imported() {
    for (version, json, expected) in [
        (
            2.5,
            r#"{"operation":"executeQuery","query":"select $1","options":{"queryReplacement":"={{ $json.a }}","connectionTimeoutMillis":4500,"connectionLimit":5,"detailedOutput":true}}"#,
            r#"{"operation":"executeQuery","query":"select $1","options":{"queryReplacement":"={{ $json.a }}","connectionTimeout":5,"detailedOutput":true}}"#,
        ),
        (
            2.2,
            r#"{"operation":"select","table":{"__rl":true,"value":"t","mode":"list"},"returnAll":true,"where":{"values":[{"column":"a","value":"1"}]},"options":{"outputColumns":["a","b"],"largeNumbersOutput":"text","decimalNumbers":true}}"#,
            r#"{"operation":"select","where":{"values":[{"column":"a","value":"1"}]},"returnAll":true,"table":"t","options":{"outputColumns":"a, b","largeNumbersOutput":"text","decimalNumbers":true}}"#,
        ),
        (
            2.0,
            r#"{"operation":"update","table":{"value":"t"},"dataMode":"defineBelow","columnToMatchOn":"id","valueToMatchOn":"7",
                "valuesToSend":{"values":[{"column":"a","value":"1"}]}}"#,
            r#"{"operation":"update","table":"t","dataMode":"defineBelow","matchingColumns":"id","valuesToSend":{"values":[{"column":"id","value":"7"},{"column":"a","value":"1"}]},"options":{}}"#,
        ),
        (
            1.0,
            r#"{"table":{"value":"t"},"columns":"a, b","options":{"ignore":true,"priority":"HIGH_PRIORITY"}}"#,
            r#"{"operation":"insert","table":"t","dataMode":"defineBelow","valuesToSend":{"values":[{"column":"a","value":"={{ $json[\"a\"] }}"},{"column":"b","value":"={{ $json[\"b\"] }}"}]},"options":{"skipOnConflict":true,"priority":"HIGH_PRIORITY","queryBatching":"independently"}}"#,
        ),
        (
            1.0,
            r#"{"operation":"update","table":"t","columns":"a"}"#,
            r#"{"operation":"update","table":"t","matchingColumns":"id","dataMode":"defineBelow","valuesToSend":{"values":[{"column":"a","value":"={{ $json[\"a\"] }}"},{"column":"id","value":"={{ $json[\"id\"] }}"}]},"options":{"queryBatching":"independently"}}"#,
        ),
    ] {
        let imported = import(&MySql, version, json).unwrap();
        assert_eq!(imported.parameters.to_json(), expected, "{version}");
        assert!(imported.remarks[0].contains("“MySQL”"), "{:?}", imported.remarks);
        let mut whole = imported.parameters.as_object().unwrap().clone();
        whole.insert("credential", CREDENTIAL);
        assert!(prepared(&whole.into()).is_ok(), "{version}");
    }
    let odd = import(&MySql, 2.5, r#"{"table":{"value":"t"},"options":{"odd":1}}"#).unwrap();
    assert!(odd.remarks[1].contains("“odd”"), "{:?}", odd.remarks);
}
