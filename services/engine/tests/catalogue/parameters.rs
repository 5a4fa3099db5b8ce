//! Parameters that hold something else than their field writes: an error names the parameter, and nothing panics.

use weft_engine::kinds::{Kind, all};
use weft_nodes::testing::items;
use weft_nodes::{Parameter, ParameterType, Problem};
use weft_value::{MAX_DEPTH, Object, Value, from_json};

use super::trying::{forms, name, problems, run};

/// A step on the way to a parameter.
#[derive(Clone, Debug, PartialEq)]
enum Into {
    Field(&'static str),
    Entry(usize),
}

/// The way to one parameter.
type Way = Vec<Into>;

fn text_of(way: &[Into]) -> String {
    way.iter().fold(String::new(), |path, part| match part {
        Into::Field(name) if path.is_empty() => (*name).to_owned(),
        Into::Field(name) => format!("{path}.{name}"),
        Into::Entry(index) => format!("{path}[{index}]"),
    })
}

/// The ways to everything that is filled in.
fn ways(fields: &[Parameter], filled: &Object, before: &[Into]) -> Vec<Way> {
    let mut found: Vec<Way> = Vec::new();
    for (field, value) in fields.iter().filter_map(|field| Some((field, filled.get(field.name)?))) {
        let way = [before, &[Into::Field(field.name)]].concat();
        if found.contains(&way) {
            continue;
        }
        found.push(way.clone());
        match value {
            Value::Object(object) => found.extend(ways(&field.fields, object, &way)),
            Value::Array(list) => {
                if let Some(object) = list.first().and_then(Value::as_object) {
                    found.extend(ways(&field.fields, object, &[way.as_slice(), &[Into::Entry(0)]].concat()));
                }
            }
            _ => {}
        }
    }
    found
}

/// The same parameters with `new` at the end of the way.
fn with(value: &Value, way: &[Into], new: &Value) -> Value {
    match way.split_first() {
        None => new.clone(),
        Some((Into::Field(name), rest)) => {
            let mut object = value.as_object().cloned().unwrap_or_default();
            object.insert(*name, with(value.get(name), rest, new));
            object.into()
        }
        Some((Into::Entry(index), rest)) => {
            let mut list = value.as_array().unwrap_or_default().to_vec();
            list[*index] = with(&list[*index], rest, new);
            list.into()
        }
    }
}

fn wrong() -> Vec<Value> {
    let levels = MAX_DEPTH - 10;
    let deep = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let objects = format!("{}1{}", "{\"a\":".repeat(levels), "}".repeat(levels));
    let mut wrong: Vec<Value> =
        ["true", "-1", "2.5", "1e300", r#""""#, r#""words""#, r#""=""#, r#""={{ $json.b""#, r#""={{ 1 }}""#]
            .into_iter()
            .chain(["[]", r#"[1,"a",null]"#, "{}", r#"{"a":{"b":[1]}}"#, r#""{\"a\":\"\\ud83d\"}""#, &deep, &objects])
            .map(|json| from_json(json).unwrap())
            .collect();
    wrong.push("long ".repeat(20_000).into());
    wrong
}

/// What the reader of parameters would say, and people do not understand.
const JARGON: [&str; 6] =
    ["invalid type", "invalid value", "expected struct", "untagged", "unknown variant", "missing field"];

#[derive(Default)]
struct Complaints(Vec<String>);

impl Complaints {
    fn add(&mut self, kind: Kind, way: &[Into], given: &Value, said: impl std::fmt::Debug) {
        let (given, said) = (given.to_json(), format!("{said:?}"));
        let short = |text: &str| text.chars().take(300).collect::<String>();
        self.0.push(format!("{}.{} = {}: {}", name(kind), text_of(way), short(&given), short(&said)));
    }

    /// Tries `given` at the end of the way. What is wrong with the form by itself is `known`.
    fn check(&mut self, kind: Kind, way: &[Into], given: &Value, (form, known): (&Value, &[Problem])) {
        let parameters = &with(form, way, given);
        let problems = problems(kind, parameters);
        if problems.is_empty() {
            let ended = run(kind, parameters, vec![items(r#"[{"a":"b"},{"a":1}]"#); 2]);
            if let Err(failure) = ended
                && !is_plain(&failure.message)
            {
                self.add(kind, way, given, failure);
            }
            return;
        }
        let path = text_of(way);
        let names = |field: &Option<String>| {
            field.as_ref().is_some_and(|field| field.starts_with(&path) || path.starts_with(field.as_str()))
        };
        let is_new = |problem: &Problem| !known.contains(problem);
        // Text may be right, and what was hidden behind it wrong. Another choice may show other fields, which have to be filled in.
        let is_named = problems.iter().any(|problem| names(&problem.field)) || !problems.iter().any(is_new);
        let shows_others = problems.iter().all(|problem| problem.code == "parameter_required");
        let is_clear = problems.iter().all(|problem| is_plain(&problem.message));
        if !is_clear || !(is_named || shows_others || given.as_str().is_some()) {
            self.add(kind, way, given, problems);
        }
    }
}

/// Whether people understand a sentence.
fn is_plain(message: &str) -> bool {
    !JARGON.iter().any(|word| message.contains(word))
}

#[test]
fn a_wrong_parameter_is_named_and_nothing_panics() {
    let mut complaints = Complaints::default();
    for kind in all() {
        let fields = &kind.node_kind().descriptor().parameters;
        let mut tried: Vec<Way> = Vec::new();
        for form in forms(kind) {
            let known = problems(kind, &form);
            for way in ways(fields, form.as_object().unwrap(), &[]) {
                if tried.contains(&way) {
                    continue;
                }
                for given in wrong() {
                    complaints.check(kind, &way, &given, (&form, &known));
                }
                tried.push(way);
            }
        }
        let has_fields = fields.iter().any(|field| field.kind != ParameterType::Notice);
        assert!(!has_fields || !tried.is_empty(), "{} was tried", name(kind));
    }
    let Complaints(complaints) = complaints;
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
}
