//! **Markdown**: turns Markdown into HTML, or HTML into Markdown.
//!
//! before: `[{"text":"# Hello"}]`
//! with: `{"mode":"markdownToHtml","markdown":"={{ $json.text }}"}`
//! after: `[{"text":"# Hello","data":"<h1 id=\"hello\">Hello</h1>"}]`

mod source;
mod to_html;
mod to_markdown;

use std::sync::LazyLock;

use serde::Deserialize;
use weft_value::{Item, Object, Value};

use crate::descriptor::{choice, field};
use crate::{
    Descriptor, Field, Group, Imported, Label, N8nNode, NodeError, NodeKind, Outputs, Parameter, ParameterType,
    Problem, Retried, Step, Transform, TransformKind, Unsupported, each_item, label, parameters, port, set_path,
};

/// The kind.
pub struct Markdown;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "markdown",
    version: 1,
    label: label("Markdown", "Markdown"),
    description: label(
        "Turns Markdown into HTML, or HTML into Markdown.",
        "Convertit du Markdown en HTML, ou l’inverse.",
    ),
    group: Group::Transform,
    icon: "pencil",
    color: "gray",
    subtitle: Some("{mode}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "HTML inside of Markdown stays as it is: do not show what strangers wrote without cleaning it.",
        "Le HTML dans le Markdown reste tel quel : n’affichez pas sans nettoyage ce que des inconnus ont écrit.",
    ),
});

fn form() -> Vec<Parameter> {
    vec![
        field(ParameterType::Options, "mode", label("Mode", "Mode")).or("htmlToMarkdown").choices([
            choice("markdownToHtml", label("Markdown to HTML", "Markdown vers HTML")),
            choice("htmlToMarkdown", label("HTML to Markdown", "HTML vers Markdown")),
        ]),
        field(ParameterType::String, "html", label("HTML", "HTML")).rows(5).when("mode", ["htmlToMarkdown"]),
        field(ParameterType::String, "markdown", label("Markdown", "Markdown"))
            .rows(5)
            .when("mode", ["markdownToHtml"]),
        field(ParameterType::String, "destinationKey", label("Output field", "Champ de sortie")).or("data").required(),
        field(ParameterType::Collection, "options", label("Options", "Options"))
            .when("mode", ["htmlToMarkdown"])
            .fields(markdown_options()),
        field(ParameterType::Collection, "options", label("Options", "Options"))
            .when("mode", ["markdownToHtml"])
            .fields(html_options()),
    ]
}

fn text(name: &'static str, names: Label, default: &'static str) -> Parameter {
    field(ParameterType::String, name, names).literal().or(default)
}

fn switch(name: &'static str, names: Label) -> Parameter {
    field(ParameterType::Boolean, name, names).literal().or(false)
}

fn replacement() -> [Parameter; 2] {
    [text("pattern", label("Text", "Texte"), ""), text("replacement", label("Replacement", "Remplacement"), "")]
}

fn own_escape(name: &'static str, names: Label) -> Parameter {
    let value = field(ParameterType::FixedCollection, "value", names).literal().fields(replacement());
    field(ParameterType::FixedCollection, name, names).literal().fields([value])
}

fn replacements(name: &'static str, names: Label) -> Parameter {
    let values = field(ParameterType::FixedCollection, "values", names).literal().multiple().fields(replacement());
    field(ParameterType::FixedCollection, name, names).literal().fields([values])
}

fn markdown_options() -> Vec<Parameter> {
    vec![
        text("bulletMarker", label("Bullet", "Puce"), "*"),
        text("codeFence", label("Fence of code", "Clôture du code"), "```"),
        field(ParameterType::Options, "codeBlockStyle", label("Code blocks", "Blocs de code"))
            .or("fence")
            .choices([choice("fence", label("Fenced", "Clôturés")), choice("indented", label("Indented", "Indentés"))]),
        text("emDelimiter", label("Sign of emphasis", "Signe d’emphase"), "_"),
        text("strongDelimiter", label("Sign of strong emphasis", "Signe de forte emphase"), "**"),
        text("ignore", label("Elements to leave out", "Éléments à ignorer"), "").example("nav, footer").help(
            "Inline elements: those that stand on lines of their own are never left out.",
            "Éléments en ligne : ceux qui occupent leurs propres lignes ne sont jamais ignorés.",
        ),
        text("blockElements", label("Elements on lines of their own", "Éléments sur leurs propres lignes"), ""),
        switch("keepDataImages", label("Keep embedded images", "Garder les images intégrées")),
        switch("useLinkReferenceDefinitions", label("Addresses of links at the end", "Adresses des liens à la fin")),
        field(
            ParameterType::Number,
            "maxConsecutiveNewlines",
            label("Line ends in a row", "Sauts de ligne consécutifs"),
        )
        .literal()
        .between(0.0, 100.0)
        .or(3),
        own_escape("globalEscape", label("Own escape", "Échappement propre")),
        own_escape("lineStartEscape", label("Own escape at line starts", "Échappement propre en début de ligne")),
        replacements("textReplace", label("Replacements in text", "Remplacements dans le texte")),
    ]
}

fn html_options() -> Vec<Parameter> {
    vec![
        switch("completeHTMLDocument", label("A whole document", "Un document entier")),
        switch("customizedHeaderId", label("Ids in braces", "Identifiants entre accolades")),
        switch(
            "disableForced4SpacesIndentedSublists",
            label("Lists nest from two blanks", "Listes imbriquées dès deux blancs"),
        ),
        field(ParameterType::Boolean, "encodeEmails", label("Hide e-mail addresses", "Masquer les adresses"))
            .literal()
            .or(true),
        switch("ghCompatibleHeaderId", label("Ids as on GitHub", "Identifiants comme sur GitHub")),
        switch("ghMentions", label("Link @people", "Lier les @personnes")),
        text("ghMentionsLink", label("Address of people", "Adresse des personnes"), "https://github.com/{u}"),
        field(
            ParameterType::Number,
            "headerLevelStart",
            label("Level of the first heading", "Niveau du premier titre"),
        )
        .literal()
        .between(1.0, 6.0)
        .or(1),
        switch("noHeaderId", label("No ids", "Sans identifiants")),
        switch(
            "openLinksInNewWindow",
            label("Open links in a new window", "Ouvrir les liens dans une nouvelle fenêtre"),
        ),
        text("prefixHeaderId", label("Prefix of ids", "Préfixe des identifiants"), "section"),
        switch("rawHeaderId", label("Ids with all signs", "Identifiants avec tous les signes")),
        switch("requireSpaceBeforeHeadingText", label("Headings need a blank", "Les titres exigent un blanc")),
        switch("simpleLineBreaks", label("Keep line ends", "Garder les fins de ligne")),
        switch("simplifiedAutoLink", label("Link addresses", "Lier les adresses")),
        switch("strikethrough", label("~~Strikethrough~~", "~~Texte barré~~")),
        switch("tables", label("Tables", "Tableaux")),
        switch("tablesHeaderId", label("Ids of columns", "Identifiants des colonnes")),
        switch("tasklists", label("Task lists", "Listes de tâches")),
    ]
}

#[derive(Deserialize)]
#[serde(tag = "mode", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Parameters {
    MarkdownToHtml {
        #[serde(default)]
        markdown: Field,
        #[serde(default)]
        destination_key: Field,
        #[serde(default)]
        options: Box<to_html::Style>,
    },
    HtmlToMarkdown {
        #[serde(default)]
        html: Field,
        #[serde(default)]
        destination_key: Field,
        #[serde(default)]
        options: Box<to_markdown::Style>,
    },
}

/// Options of n8n that have no counterpart here.
const UNKNOWN_OPTIONS: &[&str] = &[
    "backslashEscapesHTMLTags",
    "emoji",
    "excludeTrailingPunctuationFromURLs",
    "literalMidWordAsterisks",
    "rawPrefixHeaderId",
    "smartIndentationFix",
];

impl NodeKind for Markdown {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.markdown"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let options = node.parameters.get("options");
        let refused = ["ghCodeBlocks"].iter().filter(|name| options.get(name) == &Value::Bool(false));
        let chosen = UNKNOWN_OPTIONS.iter().filter(|name| options.get(name) == &Value::Bool(true));
        let remarks =
            chosen.chain(refused).map(|name| format!("The option “{name}” of Markdown does nothing here.")).collect();
        Ok(Imported { parameters: node.parameters.clone(), remarks })
    }
}

impl TransformKind for Markdown {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Transform>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

impl Transform for Parameters {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        each_item(step, |index, item| {
            let (made, key) = match self {
                Self::MarkdownToHtml { markdown, destination_key, options } => {
                    let markdown = markdown.text(step, index)?;
                    let made = to_html::convert(&markdown, options).map_err(|error| error.in_field("markdown"))?;
                    (made, destination_key)
                }
                Self::HtmlToMarkdown { html, destination_key, options } => {
                    let html = html.text(step, index)?;
                    let made = to_markdown::convert(&html, options).map_err(|error| error.in_field("html"))?;
                    (made, destination_key)
                }
            };
            let mut json: Object = item.json.as_object().cloned().unwrap_or_default();
            set_path(&mut json, &key.text(step, index)?, made.into());
            Ok(Item { json: json.into(), binary: item.binary.clone(), ..Item::default() })
        })
    }

    fn is_itemwise(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests;
