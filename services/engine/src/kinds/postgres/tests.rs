//! Statements and imports as tables; what a real server makes of them is tested in `tests/databases.rs`.

use weft_nodes::Retried;
use weft_nodes::testing::{TestStep, import};
use weft_value::{Item, Object, from_json};

use super::statements::{Columns, Tables};
use super::*;

const CREDENTIAL: &str = "0198f2a0-0000-7000-8000-000000000007";

fn node(json: &str) -> Parameters {
    let mut given = from_json(json).unwrap().as_object().unwrap().clone();
    given.insert("credential", CREDENTIAL);
    prepared(&given.into()).unwrap()
}

/// The statement of the first item. The table has a column of every kind that matters.
fn sql(json: &str, items: &str) -> Result<String, NodeError> {
    let (node, step) = (node(json), TestStep::new(&[items]));
    if node.operation == Operation::ExecuteQuery {
        return node.query(&step, 0);
    }
    let table = node.table(&step, 0)?;
    let mut tables = Tables::default();
    let rows = [("data", "jsonb"), ("tags", "ARRAY"), ("id", "integer")];
    let row = |(name, kind)| [("column_name", name), ("data_type", kind)].into_iter().collect::<Object>();
    tables.learn(table.clone(), Columns::new(rows.map(row)));
    node.table_statement(&step, 0, &table, &tables)
}

#[test]
fn every_operation_is_a_statement() {
    for (json, items, expected) in [
        (r#"{"table":"t"}"#, "[{}]", r#"SELECT * FROM "public"."t" LIMIT 50"#),
        (
            r#"{"table":"=t{{ $json.n }}","schema":"","returnAll":true,"combineConditions":"OR","options":{"outputColumns":"a, b"},
               "where":{"values":[{"column":"a\"b","value":"it's"},{"column":"c","condition":"IS NULL"},
                                  {"column":"d","condition":">=","value":"={{ $json.n }}"}]},
               "sort":{"values":[{"column":"a","direction":"DESC"},{"column":"b"}]}}"#,
            r#"[{"n":7}]"#,
            r#"SELECT "a","b" FROM "t7" WHERE "a""b" = 'it''s' OR "c" IS NULL OR "d" >= 7 ORDER BY "a" DESC, "b" ASC"#,
        ),
        (
            r#"{"operation":"insert","table":"t"}"#,
            r#"[{"id":1,"é":"世'","data":[1],"tags":["a",null],"x":null,"o":{"a":1}}]"#,
            r#"INSERT INTO "public"."t" ("id","é","data","tags","x","o") VALUES (1,'世''','[1]','{"a",NULL}',NULL,'{"a":1}') RETURNING *"#,
        ),
        (
            r#"{"operation":"insert","table":"t","options":{"skipOnConflict":true,"replaceEmptyStrings":true}}"#,
            r#"[{"data":5,"a":""}]"#,
            r#"INSERT INTO "public"."t" ("data","a") VALUES ('5',NULL) ON CONFLICT DO NOTHING RETURNING *"#,
        ),
        (r#"{"operation":"insert","table":"t"}"#, "[{}]", r#"INSERT INTO "public"."t" DEFAULT VALUES RETURNING *"#),
        (
            r#"{"operation":"upsert","table":"t","matchingColumns":"id","dataMode":"defineBelow",
               "valuesToSend":{"values":[{"column":"id","value":"={{ $json.i }}"},{"column":"a","value":"x"}]}}"#,
            r#"[{"i":3}]"#,
            r#"INSERT INTO "public"."t" ("id","a") VALUES (3,'x') ON CONFLICT ("id") DO UPDATE SET "a" = EXCLUDED."a" RETURNING *"#,
        ),
        (
            r#"{"operation":"upsert","table":"t","matchingColumns":"id"}"#,
            r#"[{"id":3}]"#,
            r#"INSERT INTO "public"."t" ("id") VALUES (3) ON CONFLICT ("id") DO NOTHING RETURNING *"#,
        ),
        (
            r#"{"operation":"update","table":"t","matchingColumns":"id, k"}"#,
            r#"[{"id":3,"k":"a","v":true}]"#,
            r#"UPDATE "public"."t" SET "v" = true WHERE "id" = 3 AND "k" = 'a' RETURNING *"#,
        ),
        (
            r#"{"operation":"deleteTable","table":"t","restartSequences":true,"options":{"cascade":true}}"#,
            "[{}]",
            r#"TRUNCATE TABLE "public"."t" RESTART IDENTITY CASCADE"#,
        ),
        (
            r#"{"operation":"deleteTable","deleteCommand":"delete","table":"t","where":{"values":[{"column":"id","value":"7"}]}}"#,
            "[{}]",
            r#"DELETE FROM "public"."t" WHERE "id" = '7'"#,
        ),
        (
            r#"{"operation":"deleteTable","deleteCommand":"drop","table":"t; drop table users"}"#,
            "[{}]",
            r#"DROP TABLE IF EXISTS "public"."t; drop table users""#,
        ),
        (r#"{"operation":"executeQuery","query":"select '$1', $1"}"#, "[{}]", "select '$1', $1"),
        (
            r#"{"operation":"executeQuery","query":"select $1, $2","options":{"queryReplacement":"a, b"}}"#,
            "[{}]",
            "select 'a', 'b'",
        ),
        (
            r#"{"operation":"executeQuery","query":"select $1, $2","options":{"queryReplacement":"={{ $json.a }}, {{ $json.b }}"}}"#,
            r#"[{"a":"1,2'","b":3}]"#,
            "select '1,2''', 3",
        ),
        (
            r#"{"operation":"executeQuery","query":"select $1","options":{"queryReplacement":"={{ [$json.a] }}","replaceEmptyStrings":true}}"#,
            r#"[{"a":""}]"#,
            "select NULL",
        ),
    ] {
        assert_eq!(sql(json, items).unwrap(), expected, "{json}");
    }
}

#[test]
fn what_makes_no_statement_is_told_by_its_parameter() {
    for (json, items, field) in [
        (r#"{"table":"={{ $json.none }}"}"#, "[{}]", Some("table")),
        (r#"{"operation":"update","table":"t","matchingColumns":"id"}"#, r#"[{"v":1}]"#, Some("matchingColumns")),
        (r#"{"operation":"update","table":"t","matchingColumns":"id"}"#, r#"[{"id":1}]"#, None),
        (r#"{"operation":"update","table":"t","matchingColumns":" , "}"#, r#"[{"id":1}]"#, Some("matchingColumns")),
        (r#"{"table":"t","where":{"values":[{"value":"1"}]}}"#, "[{}]", Some("where")),
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
fn a_hundred_thousand_items_are_as_many_statements() {
    let node = node(r#"{"operation":"insert","table":"t"}"#);
    let items = (0..100_000_u32).map(|id| Item::new([("id", id)].into_iter().collect::<Object>())).collect();
    let step = TestStep::of_items(items);
    let table = node.table(&step, 0).unwrap();
    let made = (0..100_000).map(|index| node.table_statement(&step, index, &table, &Tables::default()).unwrap());
    assert_eq!(
        made.map(|sql| sql.len()).max(),
        Some(r#"INSERT INTO "public"."t" ("id") VALUES (99999) RETURNING *"#.len())
    );
}

#[test]
fn every_version_of_n8n_is_imported() {
    for (version, json, expected) in [
        (
            2.5,
            r#"{"operation":"executeQuery","query":"select $1","options":{"queryReplacement":"={{ $json.a }}","delayClosingIdleConnection":5}}"#,
            r#"{"operation":"executeQuery","query":"select $1","options":{"queryReplacement":"={{ $json.a }}"}}"#,
        ),
        (
            2.6,
            r#"{"schema":{"__rl":true,"mode":"list","value":"public"},"table":{"__rl":true,"value":"t","mode":"list"},
                "columns":{"mappingMode":"defineBelow","value":{"a":"={{ $json.x }}","b":"1"},"matchingColumns":["a"]},
                "options":{"outputColumns":["a","b"],"skipOnConflict":true}}"#,
            r#"{"operation":"insert","schema":"public","table":"t","dataMode":"defineBelow","matchingColumns":"a","valuesToSend":{"values":[{"column":"a","value":"={{ $json.x }}"},{"column":"b","value":"1"}]},"options":{"outputColumns":"a, b","skipOnConflict":true}}"#,
        ),
        (
            2.0,
            r#"{"operation":"update","table":{"value":"t"},"dataMode":"defineBelow","columnToMatchOn":"id","valueToMatchOn":"7",
                "valuesToSend":{"values":[{"column":"a","value":"1"}]}}"#,
            r#"{"operation":"update","table":"t","dataMode":"defineBelow","matchingColumns":"id","valuesToSend":{"values":[{"column":"id","value":"7"},{"column":"a","value":"1"}]},"options":{}}"#,
        ),
        (
            1.0,
            r#"{"table":"t","columns":"a, b:text","returnFields":"a","additionalFields":{"mode":"independently"}}"#,
            r#"{"operation":"insert","table":"t","dataMode":"defineBelow","valuesToSend":{"values":[{"column":"a","value":"={{ $json[\"a\"] }}"},{"column":"b","value":"={{ $json[\"b\"] }}"}]},"options":{"queryBatching":"independently","outputColumns":"a"}}"#,
        ),
        (
            1.0,
            r#"{"operation":"executeQuery","query":"select $1","additionalFields":{"queryParams":"a, b"}}"#,
            r#"{"operation":"executeQuery","query":"select $1","options":{"queryBatching":"single","queryReplacement":"={{ [$json[\"a\"], $json[\"b\"]] }}"}}"#,
        ),
    ] {
        let imported = import(&Postgres, version, json).unwrap();
        assert_eq!(imported.parameters.to_json(), expected, "{version}");
        assert!(imported.remarks[0].contains("“PostgreSQL”"), "{:?}", imported.remarks);
        let mut whole = imported.parameters.as_object().unwrap().clone();
        whole.insert("credential", CREDENTIAL);
        assert!(prepared(&whole.into()).is_ok(), "{version}");
    }
    let odd = import(&Postgres, 2.6, r#"{"table":{"value":"t"},"options":{"odd":1}}"#).unwrap();
    assert!(odd.remarks[1].contains("“odd”"), "{:?}", odd.remarks);
}
