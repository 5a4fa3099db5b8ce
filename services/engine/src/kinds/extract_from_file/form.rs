//! The form of the node.

use weft_nodes::{Parameter, ParameterType, choice, field, label};

const TABLES: [&str; 5] = ["csv", "xlsx", "ods", "html", "autodetect"];
const FIELDS: [&str; 5] = ["fromJson", "fromIcs", "text", "xml", "binaryToPropery"];
const PDF: [&str; 1] = ["pdf"];

pub(super) fn form() -> Vec<Parameter> {
    let text = |name, names| field(ParameterType::String, name, names);
    let mut form = vec![
        field(ParameterType::Options, "operation", label("Format", "Format"))
            .help("What the file holds.", "Ce que contient le fichier.")
            .or("csv")
            .choices([
                choice("csv", label("CSV", "CSV")),
                choice("xlsx", label("Excel (XLSX)", "Excel (XLSX)")),
                choice("ods", label("OpenDocument (ODS)", "OpenDocument (ODS)")),
                choice("html", label("HTML table", "Tableau HTML")),
                choice("autodetect", label("Table, by its name", "Tableau, d’après son nom")).help(
                    "By the ending of its name: HTML, XLSX, ODS, else CSV.",
                    "D’après l’extension de son nom : HTML, XLSX, ODS, sinon CSV.",
                ),
                choice("fromJson", label("JSON", "JSON")),
                choice("fromIcs", label("Calendar (ICS)", "Calendrier (ICS)")),
                choice("pdf", label("PDF, its text", "PDF, son texte")),
                choice("text", label("Text", "Texte")),
                choice("xml", label("XML, as text", "XML, en texte")),
                choice("binaryToPropery", label("Base64", "Base64")).help(
                    "Its bytes as text, for interfaces that take no files.",
                    "Ses octets en texte, pour les interfaces qui n’acceptent pas de fichiers.",
                ),
            ]),
        text("binaryPropertyName", label("Name of the file in the item", "Nom du fichier dans l’élément"))
            .help(
                "The file’s name in the item, “data” for instance.",
                "Le nom du fichier dans l’élément, « data » par exemple.",
            )
            .or("data")
            .required(),
        text("destinationKey", label("Put it into the field", "Mettre dans le champ"))
            .or("data")
            .help("Empty: JSON becomes the item itself.", "Vide : le JSON devient l’élément lui-même.")
            .when("operation", FIELDS),
    ];
    form.extend(options());
    form
}

/// The options, which tables, single values and PDF have their own of.
fn options() -> [Parameter; 3] {
    let text = |name, names| field(ParameterType::String, name, names);
    let switch = |name, names, default: bool| field(ParameterType::Boolean, name, names).literal().or(default);
    let number = |name, names| field(ParameterType::Number, name, names);
    [
        field(ParameterType::Collection, "options", label("Options", "Options")).when("operation", TABLES).fields([
            text("delimiter", label("Delimiter (CSV)", "Séparateur (CSV)"))
                .help(
                    "The sign between two cells; \\t is a tab.",
                    "Le signe entre deux cellules ; \\t est une tabulation.",
                )
                .or(","),
            text("encoding", label("Encoding", "Encodage"))
                .help("utf8, utf16le, latin1, shift_jis and others.", "utf8, utf16le, latin1, shift_jis et d’autres.")
                .or("utf8"),
            switch("headerRow", label("The first row has names", "La première ligne contient les noms"), true).help(
                "Otherwise each row is a list called “row”.",
                "Sinon chaque ligne est une liste appelée « row ».",
            ),
            switch("includeEmptyCells", label("Keep empty cells", "Garder les cellules vides"), false).help(
                "An empty cell gives an empty text; otherwise the field is left out.",
                "Une cellule vide donne un texte vide ; sinon le champ est omis.",
            ),
            text("sheetName", label("Sheet (Excel, ODS)", "Feuille (Excel, ODS)"))
                .help("Empty: the first one.", "Vide : la première."),
            text("range", label("Range (Excel, ODS)", "Plage (Excel, ODS)"))
                .example("A2:C10")
                .help("A number leaves out so many rows.", "Un nombre laisse de côté autant de lignes."),
            field(
                ParameterType::Options,
                "dates",
                label("Moments become (Excel, ODS)", "Les dates deviennent (Excel, ODS)"),
            )
            .literal()
            .or("text")
            .choices([
                choice("text", label("Text: 2024-10-01T08:00:00", "Du texte : 2024-10-01T08:00:00")),
                choice("number", label("Days since 1900, as n8n has it", "Des jours depuis 1900, comme n8n")),
            ]),
            number("maxRowCount", label("Most rows (CSV)", "Lignes au plus (CSV)"))
                .help("-1 reads all rows.", "-1 lit toutes les lignes.")
                .or(-1),
            number("fromLine", label("First line (CSV)", "Première ligne (CSV)"))
                .help(
                    "Lines before it are skipped; 1 skips none.",
                    "Les lignes d’avant sont sautées ; 1 n’en saute aucune.",
                )
                .or(1),
        ]),
        field(ParameterType::Collection, "options", label("Options", "Options")).when("operation", FIELDS).fields([
            text("encoding", label("Encoding", "Encodage"))
                .help("utf8, utf16le, latin1, shift_jis and others.", "utf8, utf16le, latin1, shift_jis et d’autres.")
                .or("utf8"),
            switch("stripBOM", label("Without byte order mark", "Sans marque d’ordre"), true).help(
                "Some programs put an invisible sign at the beginning of a text.",
                "Certains programmes mettent un signe invisible au début d’un texte.",
            ),
            keep(),
        ]),
        field(ParameterType::Collection, "options", label("Options", "Options")).when("operation", PDF).fields([
            switch("joinPages", label("One text of all pages", "Un seul texte de toutes les pages"), true).help(
                "Otherwise the text is a list with an entry for each page.",
                "Sinon le texte est une liste avec une entrée par page.",
            ),
            number("maxPages", label("Most pages", "Pages au plus")).at_least(0.0).help("0: all.", "0 : toutes."),
            text("password", label("Password", "Mot de passe")).example("={{ $json.password }}").help(
                "What is written here is kept with the workflow: rather take it from the item.",
                "Ce qui est écrit ici est gardé avec le workflow : prenez-le plutôt dans l’élément.",
            ),
            keep(),
        ]),
    ]
}

fn keep() -> Parameter {
    field(ParameterType::Options, "keepSource", label("Keep", "Garder"))
        .help(
            "What of the item that came in goes on besides the result.",
            "Ce qui de l’élément reçu continue à côté du résultat.",
        )
        .or("json")
        .choices([
            choice("json", label("The item’s fields", "Les champs de l’élément")),
            choice("binary", label("The file", "Le fichier")),
            choice("both", label("Both", "Les deux")),
        ])
}
