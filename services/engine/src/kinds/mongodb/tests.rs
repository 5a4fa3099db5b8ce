//! Documents and imports as tables; what a server makes of them is tested in `tests/servers/mongodb.rs`.

use std::collections::BTreeMap;

use weft_connectors::Encryption;
use weft_nodes::testing::{TestStep, import};
use weft_value::from_json;

use super::documents::Shape;
use super::*;

const CREDENTIAL: &str = "0198f2a0-0000-7000-8000-000000000007";
const ID: &str = "0123456789abcdef01234567";

fn node(json: &str) -> Parameters {
    let mut given = from_json(json).unwrap().as_object().unwrap().clone();
    given.insert("credential", CREDENTIAL);
    prepared(&given.into()).unwrap_or_else(|problems| panic!("{json}: {problems:?}"))
}

fn with_collection(json: &str) -> Parameters {
    let mut given = from_json(json).unwrap().as_object().unwrap().clone();
    given.insert("collection", "c");
    node(&Value::from(given).to_json())
}

/// The query for the first item, as MongoDB's own tools show it.
fn query(json: &str, items: &str) -> Result<String, NodeError> {
    with_collection(json).query(&TestStep::new(&[items]), 0).map(|query| query.to_string())
}

#[test]
fn queries_are_json_with_the_values_that_they_name() {
    for (json, items, expected) in [
        ("{}", "[{}]", "{}"),
        (r#"{"query":"{\"a\":{\"$gt\":5}}"}"#, "[{}]", r#"{ "a": { "$gt": 5 } }"#),
        (r#"{"query":"={{ { é: $json.n } }}"}"#, r#"[{"n":"世'\""}]"#, r#"{ "é": "世'\"" }"#),
        (r#"{"query":"={\"a\":{{ $json.n }}}"}"#, r#"[{"n":{"b":[1]}}]"#, r#"{ "a": { "b": [1] } }"#),
        (
            r#"{"query":"{\"a\":\"$1\"}","queryParameters":"={{ [$json.n] }}"}"#,
            r#"[{"n":"\",\"b\":\"x"}]"#,
            r#"{ "a": "\",\"b\":\"x" }"#,
        ),
        (
            r#"{"query":"{\"_id\":\"0123456789abcdef01234567\"}"}"#,
            "[{}]",
            r#"{ "_id": ObjectId("0123456789abcdef01234567") }"#,
        ),
        (r#"{"query":"{\"_id\":\"order-7\"}"}"#, "[{}]", r#"{ "_id": "order-7" }"#),
        (
            r#"{"query":"{\"x\":{\"$in\":[{\"$oid\":\"0123456789abcdef01234567\"}]}}"}"#,
            "[{}]",
            r#"{ "x": { "$in": [ObjectId("0123456789abcdef01234567")] } }"#,
        ),
        (
            r#"{"query":"{\"a\":\"$2\",\"b\":[\"$1\",\"$10x\",\"$name\"]}","queryParameters":"={{ [$json.n, 'x'] }}"}"#,
            r#"[{"n":7}]"#,
            r#"{ "a": "x", "b": [7, "$10x", "$name"] }"#,
        ),
        (r#"{"query":"{\"a\":\"$1\"}"}"#, "[{}]", r#"{ "a": "$1" }"#),
    ] {
        let given = query(json, items).unwrap();
        // It shows quotes inside of texts as they are.
        assert_eq!(given, expected.replace("\\\"", "\""), "{json}");
    }
}

#[test]
fn what_makes_no_query_is_told_by_its_parameter() {
    for (json, items, code, field) in [
        (r#"{"query":"{a:1}"}"#, "[{}]", "json", "query"),
        (r#"{"query":"[1]"}"#, "[{}]", "parameter", "query"),
        (r#"{"query":"{\"a\":{\"$oid\":\"x\"}}"}"#, "[{}]", "parameter", "query"),
        (r#"{"query":"{\"a\":\"$2\"}","queryParameters":"[1]"}"#, "[{}]", "parameter", "query"),
        (
            r#"{"query":"{\"password\":\"$1\"}","queryParameters":"={{ [$json.p] }}"}"#,
            r#"[{"p":{"$ne":null}}]"#,
            "parameter",
            "query",
        ),
    ] {
        let error = query(json, items).unwrap_err();
        assert_eq!((&*error.code, error.field.as_deref()), (code, Some(field)), "{json}");
    }
    for collection in ["", "={{ $json.none }}", "a$b"] {
        let node = node(&format!(r#"{{"collection":"{collection} "}}"#));
        let error = node.collection(&TestStep::new(&["[{}]"]), 0).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("collection"), "{collection}");
    }
    for json in [
        "{}",
        r#"{"collection":"c","operation":"drop"}"#,
        r#"{"collection":"c","operation":"aggregate"}"#,
        r#"{"collection":"c","operation":"createSearchIndex"}"#,
        r#"{"collection":"c","operation":"update","upsert":"={{ true }}"}"#,
    ] {
        assert!(prepared(&from_json(json).unwrap()).is_err(), "{json}");
    }
}

#[test]
fn options_say_which_documents_are_found() {
    let options = r#"{"options":{"limit":"={{ $json.n }}","skip":2,"sort":"{\"b\":-1,\"a\":1}","projection":"={\"{{ $json.f }}\":1}"}}"#;
    let find = with_collection(options).find(&TestStep::new(&[r#"[{"n":7,"f":"é"}]"#]), 0).unwrap();
    assert_eq!((find.limit, find.skip), (7, 2));
    assert_eq!(
        (find.sort.to_string(), find.projection.to_string()),
        (r#"{ "b": -1, "a": 1 }"#.into(), r#"{ "é": 1 }"#.into())
    );
    let none = with_collection("{}").find(&TestStep::new(&["[{}]"]), 0).unwrap();
    assert_eq!((none.limit, none.skip, none.sort.is_empty(), none.projection.is_empty()), (0, 0, true, true));
    let wrong = with_collection(r#"{"options":{"sort":"[]"}}"#).find(&TestStep::new(&["[{}]"]), 0).unwrap_err();
    assert_eq!(wrong.field.as_deref(), Some("options.sort"));
    let wrong =
        with_collection(r#"{"options":{"limit":"={{ 'x' }}"}}"#).find(&TestStep::new(&["[{}]"]), 0).unwrap_err();
    assert_eq!(wrong.field.as_deref(), Some("options.limit"));
}

/// The filter, the fields and what is told of the first item's change.
fn changed(json: &str, how: Changes, items: &str) -> Result<[String; 3], NodeError> {
    let (change, told) = with_collection(json).changed(&TestStep::new(&[items]), 0, how)?;
    assert_eq!(change.how, how);
    Ok([change.filter.to_string(), change.fields.to_string(), Value::from(told).to_json()])
}

#[test]
fn a_change_says_which_document_and_what_it_has() {
    let update = r#"{"operation":"update","#;
    for (json, how, items, expected) in [
        (
            r#""fields":"a""#,
            Changes::Update,
            r#"[{"id":7,"a":"é","b":1}]"#,
            [r#"{ "id": { "$eq": 7 } }"#, r#"{ "a": "é", "id": 7 }"#, r#"{"a":"é","id":7}"#],
        ),
        (
            r#""updateKey":"_id","fields":"a, none""#,
            Changes::FindAndUpdate,
            r#"[{"_id":"0123456789abcdef01234567","a":1}]"#,
            [
                r#"{ "_id": { "$eq": ObjectId("0123456789abcdef01234567") } }"#,
                r#"{ "a": 1, "none": null }"#,
                r#"{"a":1,"none":null,"_id":"0123456789abcdef01234567"}"#,
            ],
        ),
        (
            r#""updateKey":"k""#,
            Changes::FindAndReplace,
            r#"[{"k":{"$gt":""},"a":1}]"#,
            [r#"{ "k": { "$eq": { "$gt": "" } } }"#, r#"{ "k": { "$gt": "" }, "a": 1 }"#, r#"{"k":{"$gt":""},"a":1}"#],
        ),
        (
            r#""updateKey":"u.id","fields":"u.name","options":{"useDotNotation":true}"#,
            Changes::Update,
            r#"[{"u":{"id":7,"name":"Zoë","x":1}}]"#,
            [r#"{ "u.id": { "$eq": 7 } }"#, r#"{ "u.name": "Zoë", "u.id": 7 }"#, r#"{"u.name":"Zoë","u.id":7}"#],
        ),
        (
            r#""updateKey":"u.id","fields":"u.name","options":{"useDotNotation":true}"#,
            Changes::FindAndReplace,
            r#"[{"u":{"id":7,"name":"Zoë","x":1}}]"#,
            [r#"{ "u.id": { "$eq": 7 } }"#, r#"{ "u": { "name": "Zoë", "id": 7 } }"#, r#"{"u":{"name":"Zoë","id":7}}"#],
        ),
    ] {
        let given = changed(&format!("{update}{json}}}"), how, items).unwrap();
        assert_eq!(given, expected.map(str::to_owned), "{json}");
    }
}

#[test]
fn a_change_of_nothing_or_of_who_knows_what_is_refused() {
    for (json, items, field) in [
        (r#"{"operation":"update"}"#, r#"[{"a":1}]"#, "updateKey"),
        (r#"{"operation":"update"}"#, r#"[{"id":null,"a":1}]"#, "updateKey"),
        (r#"{"operation":"update","updateKey":"_id"}"#, r#"[{"_id":"x"}]"#, "fields"),
        (r#"{"operation":"update","options":{"dateFields":"at"}}"#, r#"[{"id":1,"at":"soon"}]"#, "options.dateFields"),
        (r#"{"operation":"update"}"#, r#"[{"id":1,"a":{"$date":"soon"}}]"#, "fields"),
    ] {
        assert_eq!(changed(json, Changes::Update, items).unwrap_err().field.as_deref(), Some(field), "{json}");
    }
}

#[test]
fn moments_are_written_as_such_and_told_as_texts() {
    let json =
        r#"{"operation":"insert","fields":"a.at, b, c","options":{"dateFields":"a.at, b, c","useDotNotation":true}}"#;
    let step = TestStep::new(&[r#"[{"a":{"at":"2026-01-31T10:00:00+01:00"},"b":1769853600000,"c":""}]"#]);
    let written = with_collection(json).written(&step, 0, Shape::Nested, None).unwrap();
    let moments = [written.get("a").unwrap().get("at"), written.get("b").unwrap()];
    assert!(moments.iter().all(|moment| matches!(moment, Value::DateTime(_))), "{moments:?}");
    let told = Value::from(documents::shown(&written)).to_json();
    assert_eq!(told, r#"{"a":{"at":"2026-01-31T09:00:00.000Z"},"b":"2026-01-31T10:00:00.000Z","c":""}"#);
}

#[test]
fn search_indexes_are_commands() {
    let command = |json: &str| {
        let given = with_collection(json).on_index(&TestStep::new(&["[{}]"]), 0, "c");
        given.map(|(name, command)| format!("{} {command}", name.to_json()))
    };
    for (json, expected) in [
        (
            r#"{"operation":"createSearchIndex","indexName":"i","indexDefinition":"{\"fields\":[\"$1\"]}","indexDefinitionParameters":"[7]"}"#,
            r#""i" { "createSearchIndexes": "c", "indexes": [{ "name": "i", "type": "vectorSearch", "definition": { "fields": [7] } }] }"#,
        ),
        (
            r#"{"operation":"updateSearchIndex","indexName":"i","indexDefinition":"{\"mappings\":{}}"}"#,
            r#""i" { "updateSearchIndex": "c", "name": "i", "definition": { "mappings": {} } }"#,
        ),
        (r#"{"operation":"dropSearchIndex","indexName":"=i"}"#, r#""i" { "dropSearchIndex": "c", "name": "i" }"#),
    ] {
        assert_eq!(command(json).unwrap(), expected, "{json}");
    }
    let empty = command(r#"{"operation":"dropSearchIndex","indexName":"={{ '' }}"}"#).unwrap_err();
    assert_eq!(empty.field.as_deref(), Some("indexName"));
    let listed = |name: &str| {
        let node = with_collection(&format!(r#"{{"operation":"listSearchIndexes","indexName":"{name}"}}"#));
        node.listing(&TestStep::new(&["[{}]"]), 0).unwrap()[0].to_string()
    };
    assert_eq!(
        [listed(""), listed("i")],
        [r#"{ "$listSearchIndexes": {} }"#, r#"{ "$listSearchIndexes": { "name": "i" } }"#]
    );
}

#[test]
fn what_only_reads_or_sets_the_same_again_may_be_repeated() {
    for (json, retried) in [
        ("{}", Retried::Idempotent),
        (r#"{"operation":"update"}"#, Retried::Idempotent),
        (r#"{"operation":"insert"}"#, Retried::AtMostOnce),
        (r#"{"operation":"aggregate","query":"[{\"$match\":{}}]"}"#, Retried::Idempotent),
        (r#"{"operation":"aggregate","query":"[{\"$merge\":\"c\"}]"}"#, Retried::AtMostOnce),
        (r#"{"operation":"aggregate","query":"={{ $json.pipeline }}"}"#, Retried::AtMostOnce),
        (r#"{"operation":"dropSearchIndex","indexName":"i"}"#, Retried::AtMostOnce),
    ] {
        assert_eq!(with_collection(json).retried(), retried, "{json}");
    }
}

#[test]
fn a_hundred_thousand_items_are_as_many_documents() {
    let node = with_collection(r#"{"operation":"insert","fields":"id"}"#);
    let items = (0..100_000_u32).map(|id| Item::new([("id", id), ("x", 1)].into_iter().collect::<Object>())).collect();
    let step = TestStep::of_items(items);
    let mut written = (0..100_000).map(|index| node.written(&step, index, Shape::Nested, None).unwrap());
    assert!(
        written.by_ref().enumerate().all(|(index, one)| Value::from(one).to_json() == format!(r#"{{"id":{index}}}"#))
    );
}

fn credential(fields: &[(&str, &str)]) -> Result<Server, NodeError> {
    let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), Zeroizing::new((*value).to_owned())));
    let given: BTreeMap<_, _> = fields.collect();
    server(&Opened { kind: "mongodb".to_owned(), fields: given })
}

#[test]
fn a_credential_says_where_by_a_host_or_by_a_connection_string() {
    let by_host =
        [("host", "db.example.com"), ("port", "27018"), ("database", "shop"), ("user", "ada"), ("password", "x")];
    let server = credential(&by_host).unwrap();
    assert_eq!(server.place, Place::Hosts(vec![("db.example.com".to_owned(), 27_018)]));
    assert_eq!((server.database.as_str(), server.tls.encryption), ("shop", Encryption::Verified));
    assert_eq!(server.sign_in.unwrap().user, "ada");
    let by_string = credential(&[("connectionString", "mongodb://ada:x@a/shop?tls=false"), ("port", "x")]).unwrap();
    assert_eq!((by_string.database.as_str(), by_string.tls.encryption), ("shop", Encryption::Off));
    for (fields, part) in [
        (vec![("port", "27017"), ("database", "shop")], "a host, or a connection string"),
        (vec![("host", "a"), ("port", "27017")], "no database"),
        (vec![("host", "a"), ("port", "x"), ("database", "shop")], "The port"),
        (vec![("connectionString", "mongodb://ada:hun@ter2@a/shop")], "%40"),
        (vec![("connectionString", "mongodb://a/shop?tlsCAFile=/etc/passwd")], "no files"),
        (vec![("connectionString", "mongodb://a")], "no database"),
    ] {
        let error = credential(&fields).err().unwrap();
        assert!(error.message.contains(part) && !error.message.contains("ter2"), "{error:?}");
        assert_eq!((&*error.code, error.is_final), ("credential", true));
    }
}

#[test]
fn every_version_of_n8n_is_imported() {
    for (version, json, expected, remarks) in [
        (1.0, r#"{"collection":"c"}"#, r#"{"operation":"find","collection":"c"}"#, 2),
        (
            1.1,
            r#"{"operation":"find","collection":"c","query":"{}","options":{"limit":5,"sort":"{ \"a\": 1 }"}}"#,
            r#"{"operation":"find","collection":"c","query":"{}","options":{"limit":5,"sort":"{ \"a\": 1 }"}}"#,
            1,
        ),
        (
            1.2,
            r#"{"resource":"document","operation":"findOneAndUpdate","collection":"c","updateKey":"_id","fields":"a,b","upsert":true,"options":{"dateFields":"b","useDotNotation":true,"odd":1}}"#,
            r#"{"operation":"findOneAndUpdate","collection":"c","updateKey":"_id","fields":"a,b","upsert":true,"options":{"dateFields":"b","useDotNotation":true}}"#,
            2,
        ),
        (
            1.4,
            r#"{"resource":"searchIndexes","collection":"c","indexNameRequired":"i","indexDefinition":"{}","indexType":"search"}"#,
            r#"{"operation":"createSearchIndex","collection":"c","indexDefinition":"{}","indexType":"search","indexName":"i"}"#,
            1,
        ),
        (
            1.5,
            r#"{"operation":"aggregate","collection":"c","query":"[{\"$match\":{\"a\":\"$1\"}}]","queryParameters":"={{ [1] }}"}"#,
            r#"{"operation":"aggregate","collection":"c","query":"[{\"$match\":{\"a\":\"$1\"}}]","queryParameters":"={{ [1] }}"}"#,
            1,
        ),
    ] {
        let imported = import(&MongoDb, version, json).unwrap();
        assert_eq!(imported.parameters.to_json(), expected, "{version}");
        assert_eq!(imported.remarks.len(), remarks, "{:?}", imported.remarks);
        let mut whole = imported.parameters.as_object().unwrap().clone();
        whole.insert("credential", CREDENTIAL);
        assert!(prepared(&whole.into()).is_ok(), "{version}");
    }
    let id = query(&format!(r#"{{"query":"{{\"_id\":\"{ID}\"}}"}}"#), "[{}]").unwrap();
    assert!(id.contains("ObjectId"), "{id}");
}
