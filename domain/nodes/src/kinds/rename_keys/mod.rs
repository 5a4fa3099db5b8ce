//! **Rename keys**: gives fields other names.
//!
//! before: `[{"e-mail":"a@b"}]`
//! with: `{"keys":{"key":[{"currentKey":"e-mail","newKey":"contact.mail"}]}}`
//! after: `[{"contact":{"mail":"a@b"}}]`

mod pattern;

use std::sync::LazyLock;

use serde::Deserialize;
use weft_value::{Item, Object, Value};

use self::pattern::{Patterns, Replacing, compile};
use crate::descriptor::field;
use crate::{
    Descriptor, Dots, Field, Group, NodeError, NodeKind, Outputs, Parameter, ParameterType, Path, Problem, Retried,
    Step, Transform, TransformKind, each_item, label, parameters, port,
};

/// The kind.
pub struct RenameKeys;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "renameKeys",
    version: 1,
    label: label("Rename keys", "Renommer les champs"),
    description: label("Gives fields other names.", "Donne d’autres noms aux champs."),
    group: Group::Transform,
    icon: "replace",
    color: "blue",
    subtitle: None,
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "A dot in a name reaches inside: `user.mail`. All fields are taken before any is put down, so that two can swap their \
         names. With a pattern, every name that it is found in changes; `$1` stands for its first group.",
        "Un point dans un nom descend dans l’objet : `user.mail`. Tous les champs sont pris avant d’être reposés : deux champs \
         peuvent échanger leurs noms. Avec un motif, tout nom qui le contient change ; `$1` désigne son premier groupe.",
    ),
});

fn form() -> Vec<Parameter> {
    let text = |name, text| field(ParameterType::String, name, text);
    let options = field(ParameterType::Collection, "options", label("Options", "Options")).fields([
        field(ParameterType::Boolean, "caseInsensitive", label("Ignore case", "Ignorer la casse")).literal().or(false),
        field(ParameterType::Number, "depth", label("Depth", "Profondeur"))
            .help(
                "How many levels of objects and lists are entered: 0 for none, -1 for all.",
                "Combien de niveaux d’objets et de listes sont visités : 0 pour aucun, -1 pour tous.",
            )
            .literal()
            .or(-1),
    ]);
    vec![
        field(ParameterType::FixedCollection, "keys", label("Fields", "Champs")).literal().fields([field(
            ParameterType::FixedCollection,
            "key",
            label("Field", "Champ"),
        )
        .multiple()
        .fields([
            text("currentKey", label("Name", "Nom"))
                .help(
                    "The field to rename; a dot reaches inside.",
                    "Le champ à renommer ; un point descend dans l’objet.",
                )
                .example("user.mail"),
            text("newKey", label("New name", "Nouveau nom"))
                .help(
                    "What it is called then; a dot puts it inside of another field.",
                    "Comment il s’appelle ensuite ; un point le met dans un autre champ.",
                )
                .example("contact.email"),
        ])]),
        field(ParameterType::Collection, "additionalOptions", label("Patterns", "Motifs"))
            .help(
                "Renames every field whose name fits a regular expression.",
                "Renomme tout champ dont le nom correspond à une expression régulière.",
            )
            .fields([field(
                ParameterType::FixedCollection,
                "regexReplacement",
                label("Replace by pattern", "Remplacer par motif"),
            )
            .literal()
            .fields([field(ParameterType::FixedCollection, "replacements", label("Pattern", "Motif"))
                .multiple()
                .fields([
                    text("searchRegex", label("Regular expression", "Expression régulière")).example("^old_(.*)"),
                    text("replaceRegex", label("Replace by", "Remplacer par"))
                        .help(
                            "What stands in place of the match; $1 is what the first group found.",
                            "Ce qui remplace la partie trouvée ; $1 est ce que le premier groupe a trouvé.",
                        )
                        .example("$1"),
                    options,
                ])])]),
    ]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    #[serde(default)]
    keys: Keys,
    #[serde(default)]
    additional_options: AdditionalOptions,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Keys {
    key: Vec<Key>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Key {
    current_key: Field,
    new_key: Field,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct AdditionalOptions {
    regex_replacement: RegexReplacement,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RegexReplacement {
    replacements: Vec<Replacement>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Replacement {
    search_regex: Field,
    replace_regex: Field,
    options: ReplacementOptions,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ReplacementOptions {
    case_insensitive: bool,
    depth: f64,
}

impl Default for ReplacementOptions {
    fn default() -> Self {
        Self { case_insensitive: false, depth: -1.0 }
    }
}

impl NodeKind for RenameKeys {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.renameKeys"]
    }
}

impl TransformKind for RenameKeys {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Transform>, Vec<Problem>> {
        let parameters = parameters::<Parameters>(&DESCRIPTOR, given)?;
        let problems = parameters.broken_patterns();
        if problems.is_empty() { Ok(Box::new(parameters)) } else { Err(problems) }
    }
}

impl Transform for Parameters {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        let mut patterns = Patterns::default();
        each_item(step, |index, item| {
            let mut json = item.json.as_object().cloned().unwrap_or_default();
            self.rename(step, index, item, &mut json)?;
            for (place, replacement) in self.additional_options.regex_replacement.replacements.iter().enumerate() {
                let in_field = |error: NodeError| error.in_field(pattern_field(place));
                json = replacement.apply(step, index, &json, &mut patterns).map_err(in_field)?;
            }
            Ok(Item { json: json.into(), binary: item.binary.clone(), ..Item::default() })
        })
    }

    fn is_itemwise(&self) -> bool {
        true
    }
}

fn pattern_field(place: usize) -> String {
    format!("additionalOptions.regexReplacement.replacements[{place}].searchRegex")
}

impl Parameters {
    /// What is wrong with patterns that are the same for every item.
    fn broken_patterns(&self) -> Vec<Problem> {
        let replacements = self.additional_options.regex_replacement.replacements.iter().enumerate();
        let broken = replacements.filter_map(|(place, replacement)| {
            let Field::Constant(Value::String(source)) = &replacement.search_regex else { return None };
            let error = compile(source, replacement.options.case_insensitive).err()?;
            let mut problem = Problem::error("parameter_invalid", error.message.as_str(), pattern_field(place));
            problem.hint.clone_from(&error.description);
            Some(problem)
        });
        broken.collect()
    }

    fn rename(&self, step: &dyn Step, index: usize, item: &Item, json: &mut Object) -> Result<(), NodeError> {
        let mut renamed = Vec::with_capacity(self.keys.key.len());
        for (place, key) in self.keys.key.iter().enumerate() {
            let in_field = |name: &str| format!("keys.key[{place}].{name}");
            let current = key.current_key.text(step, index).map_err(|error| error.in_field(in_field("currentKey")))?;
            let new = key.new_key.text(step, index).map_err(|error| error.in_field(in_field("newKey")))?;
            // A name that is not filled in yet leaves the field alone.
            if current.is_empty() || new.is_empty() || current == new {
                continue;
            }
            let path = Path::new(&current, Dots::Reach);
            let value = path.get(&item.json);
            if !value.is_undefined() {
                path.unset(json);
                renamed.push((Path::new(&new, Dots::Reach), value.clone()));
            }
        }
        for (path, value) in renamed {
            path.set(json, value);
        }
        Ok(())
    }
}

impl Replacement {
    fn apply(
        &self,
        step: &dyn Step,
        index: usize,
        json: &Object,
        patterns: &mut Patterns,
    ) -> Result<Object, NodeError> {
        let source = self.search_regex.text(step, index)?;
        let replacing = Replacing {
            regex: patterns.get(&source, self.options.case_insensitive)?,
            by: &self.replace_regex.text(step, index)?,
        };
        Ok(replacing.in_object(json, levels(self.options.depth)))
    }
}

/// How many levels are entered; as good as all for a negative number.
fn levels(depth: f64) -> usize {
    if depth < 0.0 { usize::MAX } else { depth as usize }
}

#[cfg(test)]
mod tests {
    use weft_value::{ItemRef, Pairing};

    use super::*;
    use crate::testing::{TestStep, import, json_of, prepare, run};

    fn keys(list: &str) -> String {
        format!(r#"{{"keys":{{"key":[{list}]}}}}"#)
    }

    fn regex(list: &str) -> String {
        format!(r#"{{"additionalOptions":{{"regexReplacement":{{"replacements":[{list}]}}}}}}"#)
    }

    #[test]
    fn fields_get_other_names() {
        for (list, input, output) in [
            (r#"{"currentKey":"a","newKey":"b"}"#, r#"{"a":1,"c":2}"#, r#"[{"c":2,"b":1}]"#),
            (r#"{"currentKey":"a.b","newKey":"c.d"}"#, r#"{"a":{"b":1,"x":2}}"#, r#"[{"a":{"x":2},"c":{"d":1}}]"#),
            (r#"{"currentKey":"a","newKey":"a.b"}"#, r#"{"a":1}"#, r#"[{"a":{"b":1}}]"#),
            (r#"{"currentKey":"a.b","newKey":"a"}"#, r#"{"a":{"b":{"b":1}}}"#, r#"[{"a":{"b":1}}]"#),
            (
                r#"{"currentKey":"a","newKey":"b"},{"currentKey":"b","newKey":"a"}"#,
                r#"{"a":1,"b":2}"#,
                r#"[{"b":1,"a":2}]"#,
            ),
            (r#"{"currentKey":"l[0].x","newKey":"y"}"#, r#"{"l":[{"x":1}]}"#, r#"[{"l":[{}],"y":1}]"#),
            (r#"{"currentKey":"a.b","newKey":"c"}"#, r#"{"a.b":1,"a":{"b":2}}"#, r#"[{"a":{"b":2},"c":1}]"#),
            (r#"{"currentKey":"gone","newKey":"c"},{"currentKey":"a"},{}"#, r#"{"a":null}"#, r#"[{"a":null}]"#),
            (r#"{"currentKey":"a","newKey":"b"}"#, r#"{"a":null,"b":1}"#, r#"[{"b":null}]"#),
            (
                r#"{"currentKey":"={{ $json.which }}","newKey":"é"}"#,
                r#"{"which":"a","a":1}"#,
                r#"[{"which":"a","é":1}]"#,
            ),
        ] {
            let outputs = run(&RenameKeys, &keys(list), &TestStep::new(&[&format!("[{input}]")])).unwrap();
            assert_eq!(json_of(&outputs.ports[0]), output, "{list}");
        }
    }

    #[test]
    fn patterns_change_every_name_they_are_found_in() {
        let deep = r#"{"old_a":1,"in":{"old_b":[{"old_c":2}]}}"#;
        for (list, input, output) in [
            (r#"{"searchRegex":"^old_"}"#, deep, r#"[{"in":{"b":[{"c":2}]},"a":1}]"#),
            (r#"{"searchRegex":"^old_","options":{"depth":0}}"#, deep, r#"[{"in":{"old_b":[{"old_c":2}]},"a":1}]"#),
            (r#"{"searchRegex":"^old_","options":{"depth":2}}"#, deep, r#"[{"in":{"b":[{"old_c":2}]},"a":1}]"#),
            (r#"{"searchRegex":"a","replaceRegex":"-"}"#, r#"{"banana":1}"#, r#"[{"b-nana":1}]"#),
            (
                r#"{"searchRegex":"(\\w+)_(?<x>\\w+)","replaceRegex":"$<x>.$1$$$3"}"#,
                r#"{"first_name":1}"#,
                r#"[{"name.first$$3":1}]"#,
            ),
            (
                r#"{"searchRegex":"NAME","replaceRegex":"[$&]","options":{"caseInsensitive":true}}"#,
                r#"{"name":1}"#,
                r#"[{"[name]":1}]"#,
            ),
            (r#"{"searchRegex":"NAME","replaceRegex":"x"}"#, r#"{"name":1}"#, r#"[{"name":1}]"#),
            (r#"{"searchRegex":"\\d","replaceRegex":""}"#, r#"{"a1":1,"a2":2,"a":3}"#, r#"[{"a":2}]"#),
            (r#"{"searchRegex":"é+","replaceRegex":"e"}"#, r#"{"éé😀":1}"#, r#"[{"e😀":1}]"#),
        ] {
            let outputs = run(&RenameKeys, &regex(list), &TestStep::new(&[&format!("[{input}]")])).unwrap();
            assert_eq!(json_of(&outputs.ports[0]), output, "{list}");
        }
    }

    #[test]
    fn items_keep_their_place_and_the_input_stays_as_it_is() {
        let step = TestStep::new(&[r#"[{"a":1},{"a":{"b":2}}]"#]);
        let outputs = run(&RenameKeys, &keys(r#"{"currentKey":"a.b","newKey":"c"}"#), &step).unwrap();
        assert_eq!(json_of(&outputs.ports[0]), r#"[{"a":1},{"a":{},"c":2}]"#);
        assert_eq!(outputs.ports[0][1].pairing, Pairing::One(ItemRef { item: 1, input: 0 }));
        assert_eq!(json_of(step.input(0)), r#"[{"a":1},{"a":{"b":2}}]"#);
    }

    #[test]
    fn a_broken_pattern_is_found_before_or_on_the_way() {
        let problems = prepare(&RenameKeys, &regex(r#"{"searchRegex":"("}"#)).err().unwrap();
        assert_eq!(problems[0].field.as_deref(), Some(pattern_field(0).as_str()));
        let step = TestStep::new(&[r#"[{"p":"("},{"p":"p"}]"#]);
        let dynamic = regex(r#"{"searchRegex":"={{ $json.p }}","replaceRegex":"q"}"#);
        let error = run(&RenameKeys, &dynamic, &step).unwrap_err();
        assert_eq!((error.code.as_ref(), error.item), ("pattern", Some(0)));
        let outputs = run(&RenameKeys, &dynamic, &step.carrying_on()).unwrap();
        assert_eq!((json_of(&outputs.ports[0]).as_str(), outputs.failed.len()), (r#"[{"q":"p"}]"#, 1));
    }

    #[test]
    fn n8n_calls_it_the_same() {
        let node = keys(r#"{"currentKey":"a","newKey":"b"}"#);
        assert_eq!(import(&RenameKeys, 1.0, &node).unwrap().parameters.to_json(), node);
        assert!(prepare(&RenameKeys, r#"{"keys":{},"additionalOptions":{}}"#).is_ok());
    }
}
