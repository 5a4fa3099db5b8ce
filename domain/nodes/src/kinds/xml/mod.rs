//! **XML**: reads XML into fields, or writes fields as XML.
//!
//! before: `[{"data":"<user id=\"7\"><name>Ada</name></user>"}]`
//! with: `{}`
//! after: `[{"user":{"id":"7","name":"Ada"}}]`
//!
//! before: `[{"user":{"name":"Ada"}}]`
//! with: `{"mode":"jsonToXml","options":{"headless":true}}`
//! after: `[{"data":"<user>\n  <name>Ada</name>\n</user>"}]`

mod read;
mod write;

use std::sync::{Arc, LazyLock};

use serde::Deserialize;
use weft_value::{Item, Object, Value};

use crate::coercion::to_text;
use crate::descriptor::{choice, field};
use crate::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Parameter, ParameterType, Problem,
    Retried, Step, Transform, TransformKind, Unsupported, each_item, get_path, label, parameters, port,
};

/// The kind.
pub struct Xml;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "xml",
    version: 1,
    label: label("XML", "XML"),
    description: label("Reads XML into fields, or writes fields as XML.", "Lit du XML ou écrit des champs en XML."),
    group: Group::Transform,
    icon: "code",
    color: "orange",
    subtitle: Some("{mode}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "An element becomes a field; elements of the same name become a list. Entities that a document \
         declares itself are refused.",
        "Un élément devient un champ ; des éléments de même nom deviennent une liste. Les entités déclarées par le document \
         sont refusées.",
    ),
});

fn switch(name: &'static str, names: crate::Label, default: bool) -> Parameter {
    field(ParameterType::Boolean, name, names).literal().or(default)
}

fn form() -> Vec<Parameter> {
    let keys = || {
        [
            field(ParameterType::String, "attrkey", label("Field of attributes", "Champ des attributs"))
                .help(
                    "The attributes of an element become an object of this name, where they are not among \
                     the elements.",
                    "Les attributs d’un élément deviennent un objet de ce nom, s’ils ne sont pas parmi les éléments.",
                )
                .literal()
                .or("$"),
            field(ParameterType::String, "charkey", label("Field of text", "Champ du texte"))
                .help(
                    "The text of an element that has attributes or elements, too.",
                    "Le texte d’un élément qui a aussi des attributs ou des éléments.",
                )
                .literal()
                .or("_"),
        ]
    };
    let reading = [
        switch("explicitArray", label("Always lists", "Toujours des listes"), false)
            .help("Otherwise an element that stands alone is no list.", "Sinon un élément seul n’est pas une liste."),
        switch("explicitRoot", label("Keep the root element", "Garder l’élément racine"), true)
            .help("Otherwise its content becomes the item itself.", "Sinon son contenu devient l’élément lui-même."),
        switch("ignoreAttrs", label("Leave out attributes", "Ignorer les attributs"), false)
            .help("Only elements and their text are read.", "Seuls les éléments et leur texte sont lus."),
        switch("mergeAttrs", label("Attributes among the elements", "Attributs parmi les éléments"), true).help(
            "Attributes become fields as elements do.",
            "Les attributs deviennent des champs comme les éléments.",
        ),
        switch("normalize", label("Join blanks in text", "Réduire les blancs du texte"), false).help(
            "Several blanks and line ends in a row become one blank.",
            "Plusieurs blancs et fins de ligne de suite n’en font qu’un.",
        ),
        switch("normalizeTags", label("Names in lower case", "Noms en minuscules"), false).help(
            "The names of elements, so that <Name> and <name> are the same.",
            "Ceux des éléments, pour que <Name> et <name> soient identiques.",
        ),
        switch("trim", label("Trim text", "Rogner le texte"), false)
            .help("Blanks at both ends of a text are removed.", "Les blancs aux deux bouts d’un texte sont retirés."),
    ];
    let writing = [
        field(ParameterType::String, "rootName", label("Root element", "Élément racine"))
            .literal()
            .or("root")
            .help("An item with one field is its own root.", "Un élément d’un seul champ est sa propre racine."),
        switch("headless", label("Without declaration", "Sans déclaration"), false)
            .help("The line <?xml …?> is left out.", "La ligne <?xml …?> est omise."),
        switch("cdata", label("Text in CDATA where needed", "Texte en CDATA si besoin"), false).help(
            "Text with signs that mean something in XML is wrapped instead of escaped.",
            "Un texte avec des signes qui ont un sens en XML est enveloppé au lieu d’être échappé.",
        ),
    ];
    vec![
        field(ParameterType::Options, "mode", label("Mode", "Mode")).or("xmlToJson").choices([
            choice("xmlToJson", label("Read XML", "Lire du XML")),
            choice("jsonToXml", label("Write XML", "Écrire du XML")),
        ]),
        field(ParameterType::String, "dataPropertyName", label("Field of the XML", "Champ du XML"))
            .help(
                "The field that holds the XML, or that it is written into; a dot reaches inside when reading.",
                "Le champ qui contient le XML, ou dans lequel il est écrit ; un point descend dans l’objet à \
                 la lecture.",
            )
            .or("data")
            .required(),
        field(ParameterType::Collection, "options", label("Options", "Options"))
            .when("mode", ["xmlToJson"])
            .fields(keys().into_iter().chain(reading)),
        field(ParameterType::Collection, "options", label("Options", "Options"))
            .when("mode", ["jsonToXml"])
            .fields(keys().into_iter().chain(writing)),
    ]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    mode: Mode,
    #[serde(default)]
    data_property_name: Field,
    #[serde(default)]
    options: Options,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Mode {
    XmlToJson,
    JsonToXml,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the form")]
struct Options {
    attrkey: String,
    charkey: String,
    explicit_array: bool,
    explicit_root: bool,
    ignore_attrs: bool,
    merge_attrs: bool,
    normalize: bool,
    normalize_tags: bool,
    trim: bool,
    root_name: String,
    headless: bool,
    cdata: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            attrkey: "$".into(),
            charkey: "_".into(),
            explicit_array: false,
            explicit_root: true,
            ignore_attrs: false,
            merge_attrs: true,
            normalize: false,
            normalize_tags: false,
            trim: false,
            root_name: "root".into(),
            headless: false,
            cdata: false,
        }
    }
}

impl NodeKind for Xml {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.xml"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let mut new = node.parameters.as_object().cloned().unwrap_or_default();
        if new.get("mode").and_then(Value::as_str) == Some("jsonToxml") {
            new.insert("mode", "jsonToXml");
        }
        if let Some(Value::Object(options)) = new.get_mut("options") {
            // Text has every character of Unicode here, so that there is nothing to allow.
            Arc::make_mut(options).remove("allowSurrogateChars");
        }
        Ok(Value::from(new).into())
    }
}

impl TransformKind for Xml {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Transform>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

impl Transform for Parameters {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        each_item(step, |index, item| {
            let name = self.data_property_name.text(step, index)?;
            let json = match self.mode {
                Mode::XmlToJson => {
                    let given = get_path(&item.json, &name);
                    if given.is_nullish() {
                        let message = format!("The item has no field “{name}” with XML in it.");
                        return Err(NodeError::new("parameter", message).in_field("dataPropertyName"));
                    }
                    self.options.read(&to_text(&given))?
                }
                Mode::JsonToXml => {
                    let written = self.options.write(item.json.as_object().unwrap_or(&Object::new()))?;
                    Value::from([(name.as_str(), Value::from(written))].into_iter().collect::<Object>())
                }
            };
            Ok(Item::new(json))
        })
    }

    fn is_itemwise(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use weft_value::MAX_DEPTH;

    use super::*;
    use crate::testing::{TestStep, import, json_of, run};

    fn read(options: &str, xml: &str) -> Result<String, NodeError> {
        let item = Value::from([("data", Value::from(xml))].into_iter().collect::<Object>()).to_json();
        let node = format!(r#"{{"options":{options}}}"#);
        run(&Xml, &node, &TestStep::new(&[&format!("[{item}]")])).map(|outputs| json_of(&outputs.ports[0]))
    }

    #[test]
    fn xml_is_read() {
        let library = "<?xml version=\"1.0\"?>\n<!-- c --><lib open='yes'>\n <book id=\"1\">A &amp; <![CDATA[<B>]]></book>\n <book/> </lib>";
        for (options, xml, expected) in [
            ("{}", library, r#"[{"lib":{"open":"yes","book":[{"_":"A & <B>","id":"1"},""]}}]"#),
            (
                r##"{"mergeAttrs":false,"attrkey":"@","charkey":"#","explicitRoot":false}"##,
                library,
                r##"[{"@":{"open":"yes"},"book":[{"#":"A & <B>","@":{"id":"1"}},""]}]"##,
            ),
            (r#"{"ignoreAttrs":true,"explicitArray":true}"#, library, r#"[{"lib":{"book":["A & <B>",""]}}]"#),
            (r#"{"trim":true,"normalizeTags":true}"#, "<A> x  y </A>", r#"[{"a":"x  y"}]"#),
            (r#"{"normalize":true}"#, "<a> x  y </a>", r#"[{"a":"x y"}]"#),
            ("{}", "\u{feff}<é>&#xe9;&lt;</é>", r#"[{"é":"é<"}]"#),
            ("{}", "<!DOCTYPE html><a>1</a>", r#"[{"a":"1"}]"#),
            ("{}", "<a>&lt;&#65;&nbsp;caf&eacute; &copy;&hellip;</a>", "[{\"a\":\"<A\u{a0}café ©…\"}]"),
            (
                "{}",
                "<a b='&Eacute;t&eacute;&nbsp;&amp;&apos;'>&Sigma;</a>",
                "[{\"a\":{\"_\":\"Σ\",\"b\":\"Été\u{a0}&'\"}}]",
            ),
        ] {
            assert_eq!(read(options, xml).unwrap(), expected, "{xml}");
        }
    }

    #[test]
    fn what_is_not_xml_is_refused() {
        for xml in [
            "",
            "text",
            "<a>",
            "<a></b>",
            "</a>",
            "<a/><b/>",
            "<a>&nonbsp;</a>",
            "<a>&nbs;</a>",
            "<a>&LT;</a>",
            "<a b=1/>",
            "<a>1</a>rest",
            "<!DOCTYPE a [<!ENTITY b \"cc\">]><a>&b;</a>",
            "<a b=\"&b;\"/>",
        ] {
            assert_eq!(read("{}", xml).unwrap_err().code, "xml", "{xml}");
        }
        assert!(read("{}", "<a>\n</b>").unwrap_err().message.contains("line 2"));
        assert_eq!(read("{}", &"<a>".repeat(100_000)).unwrap_err().code, "too_deep");
        let nested = |levels| format!("{}{}", "<a>".repeat(levels), "</a>".repeat(levels));
        assert!(read("{}", &nested(MAX_DEPTH)).is_ok());
        assert_eq!(read("{}", &nested(MAX_DEPTH + 1)).unwrap_err().code, "too_deep");
        assert!(read(r#"{"explicitArray":true}"#, &nested(MAX_DEPTH / 2)).is_ok());
        assert_eq!(read(r#"{"explicitArray":true}"#, &nested(MAX_DEPTH / 2 + 2)).unwrap_err().code, "too_deep");
        let missing = run(&Xml, "{}", &TestStep::new(&["[{}]"])).unwrap_err();
        assert_eq!(missing.field.as_deref(), Some("dataPropertyName"));
    }

    fn write(options: &str, item: &str) -> Result<String, NodeError> {
        let node = format!(r#"{{"mode":"jsonToXml","options":{options}}}"#);
        let outputs = run(&Xml, &node, &TestStep::new(&[&format!("[{item}]")]))?;
        Ok(outputs.ports[0][0].json.get("data").as_str().unwrap().to_owned())
    }

    #[test]
    fn xml_is_written() {
        const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
        assert_eq!(write("{}", r#"{"a":1}"#).unwrap(), format!("{HEAD}<a>1</a>"));
        for (options, item, expected) in [
            (
                "",
                r#"{"a":{"$":{"id":"\"1\""},"_":"x<y","b":[1,"2",null,{"c":true}]}}"#,
                "<a id=\"&quot;1&quot;\">\n  x&lt;y\n  <b>1</b>\n  <b>2</b>\n  <b/>\n  <b>\n    <c>true</c>\n  </b>\n</a>",
            ),
            ("", r#"{"a":"","b":{}}"#, "<root>\n  <a/>\n  <b/>\n</root>"),
            (r#","rootName":"é""#, r#"{"a":"&"}"#, "<é>\n  <a>&amp;</a>\n</é>"),
            (r#","cdata":true"#, r#"{"a":"x & ]]>"}"#, "<a><![CDATA[x & ]]]]><![CDATA[>]]></a>"),
            ("", "{}", "<root/>"),
        ] {
            assert_eq!(write(&format!(r#"{{"headless":true{options}}}"#), item).unwrap(), expected, "{item}");
        }
        for wrong in [r#"{"a b":1}"#, r#"{"":1}"#, r#"{"1":1}"#, r#"{"a":"\u0000"}"#, r#"{"a":{"$":{"<":1}}}"#] {
            assert_eq!(write("{}", wrong).unwrap_err().code, "xml", "{wrong}");
        }
    }

    #[test]
    fn n8n_names_are_mapped() {
        let imported = import(&Xml, 1.0, r#"{"mode":"jsonToxml","options":{}}"#).unwrap();
        let outputs = run(&Xml, &imported.parameters.to_json(), &TestStep::new(&[r#"[{"a":1}]"#])).unwrap();
        assert!(json_of(&outputs.ports[0]).contains("<a>1</a>"));
    }
}
