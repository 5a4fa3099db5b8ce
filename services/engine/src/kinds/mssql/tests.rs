//! Statements and imports as tables; what a server makes of them is tested in `tests/servers/mssql.rs`.

use weft_nodes::testing::{TestStep, import};
use weft_value::{Item, from_json};

use super::*;

const CREDENTIAL: &str = "0198f2a0-0000-7000-8000-000000000007";

fn node(json: &str) -> Parameters {
    let mut given = from_json(json).unwrap().as_object().unwrap().clone();
    given.insert("credential", CREDENTIAL);
    prepared(&given.into()).unwrap()
}

/// The statement of the first item: its text, and its values as JSON.
fn sql(json: &str, items: &str) -> Result<(String, String), NodeError> {
    let statement = node(json).statement(&TestStep::new(&[items]), 0)?;
    Ok((statement.sql, Value::from(statement.values).to_json()))
}

#[test]
fn every_operation_is_a_statement() {
    for (json, items, expected, values) in [
        (r#"{"table":"t"}"#, "[{}]", "SELECT TOP (50) * FROM [t]", "[]"),
        (
            r#"{"table":"=dbo.t{{ $json.n }}","returnAll":true,"combineConditions":"OR",
               "options":{"outputColumns":"a, b","selectDistinct":true},
               "where":{"values":[{"column":"a]b","value":"it's"},{"column":"c","condition":"IS NULL"},
                                  {"column":"d","condition":">=","value":"={{ $json.n }}"}]},
               "sort":{"values":[{"column":"a","direction":"DESC"},{"column":"b"}]}}"#,
            r#"[{"n":7}]"#,
            "SELECT DISTINCT [a],[b] FROM [dbo].[t7] WHERE [a]]b] = @P1 OR [c] IS NULL OR [d] >= @P2 ORDER BY [a] DESC, [b] ASC",
            r#"["it's",7]"#,
        ),
        (
            r#"{"operation":"insert","table":"t"}"#,
            r#"[{"id":1,"é":"世'","list":[1],"x":null}]"#,
            "INSERT INTO [t] ([id],[é],[list],[x]) VALUES (@P1,@P2,@P3,@P4)",
            r#"[1,"世'",[1],null]"#,
        ),
        (
            r#"{"operation":"insert","table":"t","options":{"replaceEmptyStrings":true}}"#,
            r#"[{"a":"","b":"x"}]"#,
            "INSERT INTO [t] ([a],[b]) VALUES (@P1,@P2)",
            r#"[null,"x"]"#,
        ),
        (r#"{"operation":"insert","table":"t"}"#, "[{}]", "INSERT INTO [t] DEFAULT VALUES", "[]"),
        (
            r#"{"operation":"upsert","table":"t","matchingColumns":"id","dataMode":"defineBelow",
               "valuesToSend":{"values":[{"column":"id","value":"={{ $json.i }}"},{"column":"a","value":"x"}]}}"#,
            r#"[{"i":3}]"#,
            "MERGE INTO [t] WITH (HOLDLOCK) AS [to] USING (VALUES (@P1,@P2)) AS [from] ([id],[a]) ON [to].[id] = [from].[id] \
             WHEN MATCHED THEN UPDATE SET [a] = [from].[a] WHEN NOT MATCHED THEN INSERT ([id],[a]) VALUES ([id],[a]);",
            r#"[3,"x"]"#,
        ),
        (
            r#"{"operation":"upsert","table":"t","matchingColumns":"id"}"#,
            r#"[{"id":3}]"#,
            "MERGE INTO [t] WITH (HOLDLOCK) AS [to] USING (VALUES (@P1)) AS [from] ([id]) ON [to].[id] = [from].[id] \
             WHEN NOT MATCHED THEN INSERT ([id]) VALUES ([id]);",
            "[3]",
        ),
        (
            r#"{"operation":"update","table":"t","matchingColumns":"id, k"}"#,
            r#"[{"id":3,"k":"a","v":true}]"#,
            "UPDATE [t] SET [v] = @P1 WHERE [id] = @P2 AND [k] = @P3",
            r#"[true,3,"a"]"#,
        ),
        (r#"{"operation":"deleteTable","table":"t"}"#, "[{}]", "TRUNCATE TABLE [t]", "[]"),
        (
            r#"{"operation":"deleteTable","deleteCommand":"delete","table":"t","where":{"values":[{"column":"id","value":"7"}]}}"#,
            "[{}]",
            "DELETE FROM [t] WHERE [id] = @P1",
            r#"["7"]"#,
        ),
        (
            r#"{"operation":"deleteTable","deleteCommand":"drop","table":"t]; drop table users"}"#,
            "[{}]",
            "DROP TABLE IF EXISTS [t]]; drop table users]",
            "[]",
        ),
        (
            r#"{"operation":"executeQuery","query":"select '$1', $1; select 2"}"#,
            "[{}]",
            "select '$1', $1; select 2",
            "[]",
        ),
        (
            r#"{"operation":"executeQuery","query":"select $1, $2","options":{"queryReplacement":"={{ $json.a }}, {{ $json.b }}"}}"#,
            r#"[{"a":"1,2'","b":""}]"#,
            "select @P1, @P2",
            r#"["1,2'",""]"#,
        ),
        (
            r#"{"operation":"executeQuery","query":"select $2","options":{"queryReplacement":"a, b"}}"#,
            "[{}]",
            "select @P2",
            r#"["a","b"]"#,
        ),
    ] {
        assert_eq!(sql(json, items).unwrap(), (expected.to_owned(), values.to_owned()), "{json}");
    }
}

#[test]
fn what_makes_no_statement_is_told_by_its_parameter() {
    for (json, items, field) in [
        (r#"{"table":"={{ $json.none }}"}"#, "[{}]", Some("table")),
        (r#"{"operation":"update","table":"t","matchingColumns":"id"}"#, r#"[{"v":1}]"#, Some("matchingColumns")),
        (r#"{"operation":"update","table":"t","matchingColumns":"id"}"#, r#"[{"id":1}]"#, None),
        (r#"{"operation":"upsert","table":"t","matchingColumns":"id"}"#, r#"[{"v":1}]"#, Some("matchingColumns")),
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
    let made = (0..100_000).map(|index| node.statement(&step, index).unwrap());
    assert!(made.enumerate().all(|(index, one)| {
        one.sql == "INSERT INTO [t] ([id]) VALUES (@P1)" && one.values[0].to_json() == index.to_string()
    }));
}

#[test]
fn every_version_of_n8n_is_imported() {
    for (version, json, expected) in [
        (
            1.2,
            r#"{"operation":"executeQuery","query":"select $1","options":{"queryReplacement":"={{ $json.a }}"}}"#,
            r#"{"operation":"executeQuery","query":"select $1","options":{"queryReplacement":"={{ $json.a }}","queryBatching":"independently"}}"#,
        ),
        (
            1.1,
            r#"{"operation":"update","table":"t","columns":"a","updateKey":"k"}"#,
            r#"{"operation":"update","table":"t","matchingColumns":"k","dataMode":"defineBelow","valuesToSend":{"values":[{"column":"a","value":"={{ $json[\"a\"] }}"},{"column":"k","value":"={{ $json[\"k\"] }}"}]},"options":{"queryBatching":"independently"}}"#,
        ),
        (
            1.0,
            r#"{"table":"t","columns":"a, b"}"#,
            r#"{"operation":"insert","table":"t","dataMode":"defineBelow","valuesToSend":{"values":[{"column":"a","value":"={{ $json[\"a\"] }}"},{"column":"b","value":"={{ $json[\"b\"] }}"}]},"options":{"queryBatching":"independently"}}"#,
        ),
        (
            1.0,
            r#"{"operation":"delete","table":"t"}"#,
            r#"{"operation":"deleteTable","table":"t","deleteCommand":"delete","where":{"values":[{"column":"id","condition":"equal","value":"={{ $json[\"id\"] }}"}]},"options":{"queryBatching":"independently"}}"#,
        ),
    ] {
        let imported = import(&MsSql, version, json).unwrap();
        assert_eq!(imported.parameters.to_json(), expected, "{version}");
        assert!(imported.remarks[0].contains("“SQL Server”"), "{:?}", imported.remarks);
        let mut whole = imported.parameters.as_object().unwrap().clone();
        whole.insert("credential", CREDENTIAL);
        assert!(prepared(&whole.into()).is_ok(), "{version}");
    }
    let odd = import(&MsSql, 1.1, r#"{"table":"t","options":{"odd":1}}"#).unwrap();
    assert!(odd.remarks[1].contains("“odd”"), "{:?}", odd.remarks);
}
