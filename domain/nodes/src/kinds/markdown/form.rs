//! The form of the node.

use crate::descriptor::{choice, field};
use crate::{Label, Parameter, ParameterType, label};

pub(super) fn form() -> Vec<Parameter> {
    vec![
        field(ParameterType::Options, "mode", label("Mode", "Mode")).or("htmlToMarkdown").choices([
            choice("markdownToHtml", label("Markdown to HTML", "Markdown vers HTML")),
            choice("htmlToMarkdown", label("HTML to Markdown", "HTML vers Markdown")),
        ]),
        field(ParameterType::String, "html", label("HTML", "HTML")).rows(5).when("mode", ["htmlToMarkdown"]),
        field(ParameterType::String, "markdown", label("Markdown", "Markdown"))
            .rows(5)
            .when("mode", ["markdownToHtml"]),
        field(ParameterType::String, "destinationKey", label("Output field", "Champ de sortie"))
            .help(
                "The field that the result is put into; a dot reaches inside.",
                "Le champ où mettre le résultat ; un point descend dans l’objet.",
            )
            .or("data")
            .required(),
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
        text("bulletMarker", label("Bullet", "Puce"), "*")
            .help("The sign before the entries of a list.", "Le signe devant les entrées d’une liste."),
        text("codeFence", label("Fence of code", "Clôture du code"), "```").help(
            "The signs above and below a block of code.",
            "Les signes au-dessus et au-dessous d’un bloc de code.",
        ),
        field(ParameterType::Options, "codeBlockStyle", label("Code blocks", "Blocs de code"))
            .help(
                "Between fences, or with four blanks before every line.",
                "Entre des clôtures, ou avec quatre blancs devant chaque ligne.",
            )
            .or("fence")
            .choices([choice("fence", label("Fenced", "Clôturés")), choice("indented", label("Indented", "Indentés"))]),
        text("emDelimiter", label("Sign of emphasis", "Signe d’emphase"), "_").help(
            "Stands before and behind what HTML has in <em>.",
            "Figure avant et après ce que HTML met dans <em>.",
        ),
        text("strongDelimiter", label("Sign of strong emphasis", "Signe de forte emphase"), "**").help(
            "Stands before and behind what HTML has in <strong>.",
            "Figure avant et après ce que HTML met dans <strong>.",
        ),
        text("ignore", label("Elements to leave out", "Éléments à ignorer"), "").example("nav, footer").help(
            "Inline elements: those that stand on lines of their own are never left out.",
            "Éléments en ligne : ceux qui occupent leurs propres lignes ne sont jamais ignorés.",
        ),
        text("blockElements", label("Elements on lines of their own", "Éléments sur leurs propres lignes"), "")
            .help("Names of elements with commas between them.", "Des noms d’éléments séparés par des virgules."),
        switch("keepDataImages", label("Keep embedded images", "Garder les images intégrées")).help(
            "Images whose data stands in the HTML itself (data:); they can be long.",
            "Les images dont les données sont dans le HTML même (data:) ; elles peuvent être longues.",
        ),
        switch("useLinkReferenceDefinitions", label("Addresses of links at the end", "Adresses des liens à la fin"))
            .help(
                "The text has [name][1], the address stands below it.",
                "Le texte a [nom][1], l’adresse figure en dessous.",
            ),
        field(
            ParameterType::Number,
            "maxConsecutiveNewlines",
            label("Line ends in a row", "Sauts de ligne consécutifs"),
        )
        .help("More empty lines than that are left out.", "Au-delà, les lignes vides sont omises.")
        .literal()
        .between(0.0, 100.0)
        .or(3),
        own_escape("globalEscape", label("Own escape", "Échappement propre")).help(
            "Replaces one text by another, instead of a backslash before every sign that means something in Markdown.",
            "Remplace un texte par un autre, au lieu d’une barre oblique inverse devant chaque signe qui a \
             un sens en Markdown.",
        ),
        own_escape("lineStartEscape", label("Own escape at line starts", "Échappement propre en début de ligne")).help(
            "The same for signs that mean something at the beginning of a line, such as # and -.",
            "De même pour les signes qui ont un sens en début de ligne, comme # et -.",
        ),
        replacements("textReplace", label("Replacements in text", "Remplacements dans le texte")).help(
            "In each piece of text, the first place where the text stands is replaced.",
            "Dans chaque morceau de texte, le premier endroit où figure le texte est remplacé.",
        ),
    ]
}

fn html_options() -> Vec<Parameter> {
    vec![
        switch("completeHTMLDocument", label("A whole document", "Un document entier"))
            .help("With html, head and body around the result.", "Avec html, head et body autour du résultat."),
        switch("customizedHeaderId", label("Ids in braces", "Identifiants entre accolades")).help(
            "“# Title {my-id}” gives the heading the id my-id.",
            "« # Titre {mon-id} » donne au titre l’identifiant mon-id.",
        ),
        switch(
            "disableForced4SpacesIndentedSublists",
            label("Lists nest from two blanks", "Listes imbriquées dès deux blancs"),
        )
        .help(
            "Otherwise a list inside of another needs four blanks.",
            "Sinon une liste dans une autre demande quatre blancs.",
        ),
        field(ParameterType::Boolean, "encodeEmails", label("Hide e-mail addresses", "Masquer les adresses"))
            .help(
                "Written as character codes, which few harvesters of addresses read.",
                "Écrites en codes de caractères, que peu de collecteurs d’adresses lisent.",
            )
            .literal()
            .or(true),
        switch("ghCompatibleHeaderId", label("Ids as on GitHub", "Identifiants comme sur GitHub"))
            .help("Blanks in the heading become hyphens.", "Les blancs du titre deviennent des traits d’union."),
        switch("ghMentions", label("Link @people", "Lier les @personnes"))
            .help("“@ada” becomes a link.", "« @ada » devient un lien."),
        text("ghMentionsLink", label("Address of people", "Adresse des personnes"), "https://github.com/{u}")
            .help("{u} stands for the name behind the @.", "{u} représente le nom après le @."),
        field(
            ParameterType::Number,
            "headerLevelStart",
            label("Level of the first heading", "Niveau du premier titre"),
        )
        .help("2 makes “# Title” an <h2>.", "2 fait de « # Titre » un <h2>.")
        .literal()
        .between(1.0, 6.0)
        .or(1),
        switch("noHeaderId", label("No ids", "Sans identifiants"))
            .help("Headings get no id attribute.", "Les titres ne reçoivent pas d’attribut id."),
        switch(
            "openLinksInNewWindow",
            label("Open links in a new window", "Ouvrir les liens dans une nouvelle fenêtre"),
        )
        .help("Every link gets target=_blank.", "Chaque lien reçoit target=_blank."),
        text("prefixHeaderId", label("Prefix of ids", "Préfixe des identifiants"), "section")
            .help("Stands before the id of every heading.", "Précède l’identifiant de chaque titre."),
        switch("rawHeaderId", label("Ids with all signs", "Identifiants avec tous les signes")).help(
            "Only blanks and quotation marks are replaced by hyphens.",
            "Seuls les blancs et les guillemets deviennent des traits d’union.",
        ),
        switch("requireSpaceBeforeHeadingText", label("Headings need a blank", "Les titres exigent un blanc")).help(
            "“#Title” is then no heading, “# Title” is one.",
            "« #Titre » n’est alors pas un titre, « # Titre » en est un.",
        ),
        switch("simpleLineBreaks", label("Keep line ends", "Garder les fins de ligne")).help(
            "The end of a line becomes <br>, as on GitHub.",
            "La fin d’une ligne devient <br>, comme sur GitHub.",
        ),
        switch("simplifiedAutoLink", label("Link addresses", "Lier les adresses"))
            .help("An address in the text becomes a link.", "Une adresse dans le texte devient un lien."),
        switch("strikethrough", label("~~Strikethrough~~", "~~Texte barré~~"))
            .help("~~Text~~ is struck through.", "~~Un texte~~ est barré."),
        switch("tables", label("Tables", "Tableaux")).help(
            "Rows of cells with vertical bars between them.",
            "Des lignes de cellules séparées par des barres verticales.",
        ),
        switch("tablesHeaderId", label("Ids of columns", "Identifiants des colonnes"))
            .help("The cells of the first row get ids.", "Les cellules de la première ligne reçoivent un identifiant."),
        switch("tasklists", label("Task lists", "Listes de tâches"))
            .help("“- [x] Done” becomes a ticked box.", "« - [x] Fait » devient une case cochée."),
    ]
}
