//! **Markdown**: turns Markdown into HTML, or HTML into Markdown.
//!
//! before: `[{"text":"# Hello"}]` · after: `[{"text":"# Hello","data":"<h1 id=\"hello\">Hello</h1>"}]`

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

fn replacement(name: &'static str, names: Label) -> Parameter {
    field(ParameterType::FixedCollection, name, names).literal().fields([
        text("pattern", label("Text", "Texte"), ""),
        text("replacement", label("Replacement", "Remplacement"), ""),
    ])
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
        replacement("globalEscape", label("Own escape", "Échappement propre")),
        replacement("lineStartEscape", label("Own escape at line starts", "Échappement propre en début de ligne")),
        replacement("textReplace", label("Replacements in text", "Remplacements dans le texte")).multiple(),
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
        options: Box<MarkdownOptions>,
    },
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct MarkdownOptions {
    bullet_marker: Option<String>,
    code_fence: Option<String>,
    code_block_style: Option<String>,
    em_delimiter: Option<String>,
    strong_delimiter: Option<String>,
    ignore: String,
    block_elements: String,
    keep_data_images: bool,
    use_link_reference_definitions: bool,
    max_consecutive_newlines: Option<f64>,
    global_escape: Option<One>,
    line_start_escape: Option<One>,
    text_replace: Many,
}

#[derive(Deserialize)]
struct One {
    value: Replacement,
}

#[derive(Default, Deserialize)]
struct Many {
    #[serde(default)]
    values: Vec<Replacement>,
}

#[derive(Clone, Deserialize)]
struct Replacement {
    #[serde(default)]
    pattern: String,
    #[serde(default)]
    replacement: String,
}

impl MarkdownOptions {
    fn style(&self) -> to_markdown::Style {
        let or = |given: &Option<String>, default: &str| given.clone().unwrap_or_else(|| default.to_owned());
        let names = |list: &str| {
            list.split(',').map(|name| name.trim().to_lowercase()).filter(|name| !name.is_empty()).collect()
        };
        let pair = |one: Replacement| (one.pattern, one.replacement);
        to_markdown::Style {
            bullet_marker: or(&self.bullet_marker, "*"),
            code_fence: or(&self.code_fence, "```"),
            em_delimiter: or(&self.em_delimiter, "_"),
            strong_delimiter: or(&self.strong_delimiter, "**"),
            ignore: names(&self.ignore),
            block_elements: names(&self.block_elements),
            keep_data_images: self.keep_data_images,
            indented_code: self.code_block_style.as_deref() == Some("indented"),
            max_consecutive_newlines: self.max_consecutive_newlines.unwrap_or(3.0) as usize,
            link_definitions: self.use_link_reference_definitions,
            global_escape: self.global_escape.as_ref().map(|one| pair(one.value.clone())),
            line_start_escape: self.line_start_escape.as_ref().map(|one| pair(one.value.clone())),
            text_replace: self.text_replace.values.iter().cloned().map(pair).collect(),
        }
    }
}

/// Options of n8n that have no counterpart here.
const UNKNOWN_OPTIONS: &[&str] = &[
    "backslashEscapesHTMLTags",
    "emoji",
    "excludeTrailingPunctuationFromURLs",
    "literalMidWordAsterisks",
    "parseImgDimensions",
    "rawPrefixHeaderId",
    "smartIndentationFix",
    "splitAdjacentBlockquotes",
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
                    let made = to_markdown::convert(&html, &options.style()).map_err(|error| error.in_field("html"))?;
                    (made, destination_key)
                }
            };
            let mut json: Object = item.json.as_object().cloned().unwrap_or_default();
            set_path(&mut json, &key.text(step, index)?, made.into());
            Ok(Item { json: json.into(), binary: item.binary.clone(), ..Item::default() })
        })
    }
}

#[cfg(test)]
mod tests;
