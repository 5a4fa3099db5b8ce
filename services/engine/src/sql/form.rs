//! The parts of a form that databases share.

use weft_nodes::{Parameter, ParameterType, choice, field, label};

pub(crate) const ON_A_TABLE: [&str; 5] = ["select", "insert", "upsert", "update", "deleteTable"];
pub(crate) const WRITES: [&str; 3] = ["insert", "upsert", "update"];

/// What is done.
pub(crate) fn operation() -> Parameter {
    field(ParameterType::Options, "operation", label("Operation", "Opération"))
        .help("What each item does.", "Ce que fait chaque élément.")
        .or("select")
        .choices([
            choice("select", label("Read rows", "Lire des lignes"))
                .help("Gives an item for each row that is found.", "Donne un élément par ligne trouvée."),
            choice("insert", label("Insert rows", "Insérer des lignes")),
            choice("upsert", label("Insert or update rows", "Insérer ou mettre à jour des lignes")).help(
                "A row that matches is updated, otherwise one is inserted.",
                "Une ligne qui correspond est mise à jour, sinon une est insérée.",
            ),
            choice("update", label("Update rows", "Mettre à jour des lignes")),
            choice("deleteTable", label("Delete rows or a table", "Supprimer des lignes ou une table")),
            choice("executeQuery", label("Execute a query", "Exécuter une requête"))
                .help("SQL of your own.", "Votre propre SQL."),
        ])
}

/// A query of one's own.
pub(crate) fn query(example: &'static str) -> Parameter {
    field(ParameterType::String, "query", label("Query", "Requête"))
        .help(
            "Hand values in as $1, $2, … in the options: written into the text, they could become SQL.",
            "Donnez les valeurs par $1, $2, … dans les options : écrites dans le texte, elles pourraient \
             devenir du SQL.",
        )
        .required()
        .rows(6)
        .example(example)
        .when("operation", ["executeQuery"])
}

pub(crate) fn table() -> Parameter {
    field(ParameterType::String, "table", label("Table", "Table"))
        .help("Its name alone, without quotes.", "Son nom seul, sans guillemets.")
        .required()
        .example("orders")
        .when("operation", ON_A_TABLE)
}

pub(crate) fn delete_command() -> Parameter {
    field(ParameterType::Options, "deleteCommand", label("Delete", "Supprimer"))
        .help("What is deleted; nobody asks again.", "Ce qui est supprimé ; il n’y a pas de confirmation.")
        .or("truncate")
        .choices([
            choice("truncate", label("All rows", "Toutes les lignes"))
                .help("The table stays, empty (TRUNCATE).", "La table reste, vide (TRUNCATE)."),
            choice("delete", label("Some rows", "Certaines lignes"))
                .help("Those that fulfil conditions (DELETE).", "Celles qui remplissent des conditions (DELETE)."),
            choice("drop", label("The table", "La table"))
                .help("With all its rows (DROP).", "Avec toutes ses lignes (DROP)."),
        ])
        .when("operation", ["deleteTable"])
}

/// What is written where, and how rows are found that are changed.
pub(crate) fn written() -> [Parameter; 3] {
    let mode = field(ParameterType::Options, "dataMode", label("Columns", "Colonnes"))
        .help("Where the columns and their values come from.", "D’où viennent les colonnes et leurs valeurs.")
        .or("autoMapInputData")
        .choices([
            choice("autoMapInputData", label("The fields of the item", "Les champs de l’élément"))
                .help("A field goes into the column of the same name.", "Un champ va dans la colonne du même nom."),
            choice("defineBelow", label("Named here", "Nommées ici")),
        ])
        .when("operation", WRITES);
    let matching = field(ParameterType::String, "matchingColumns", label("Columns to match", "Colonnes à comparer"))
        .required()
        .example("id")
        .help("Names with commas between them.", "Des noms séparés par des virgules.")
        .when("operation", ["upsert", "update"]);
    [mode, matching, values()]
}

fn column() -> Parameter {
    field(ParameterType::String, "column", label("Column", "Colonne"))
}

fn values() -> Parameter {
    field(ParameterType::FixedCollection, "valuesToSend", label("Values", "Valeurs"))
        .help(
            "A column and the value that it gets, one by one.",
            "Une colonne et la valeur qu’elle reçoit, une par une.",
        )
        .when("operation", WRITES)
        .when("dataMode", ["defineBelow"])
        .fields([field(ParameterType::FixedCollection, "values", label("Values", "Valeurs"))
            .multiple()
            .fields([column(), field(ParameterType::String, "value", label("Value", "Valeur"))])])
}

/// Which rows are read or deleted, how many, and in which order.
pub(crate) fn chosen() -> [Parameter; 7] {
    [
        field(ParameterType::Boolean, "returnAll", label("All rows", "Toutes les lignes"))
            .help(
                "Otherwise only so many rows as stand below.",
                "Sinon seulement autant de lignes qu’indiqué ci-dessous.",
            )
            .literal()
            .or(false)
            .when("operation", ["select"]),
        field(ParameterType::Number, "limit", label("At most", "Au plus"))
            .help("The most rows that are read.", "Le plus de lignes qui sont lues.")
            .or(50)
            .at_least(1.0)
            .when("operation", ["select"])
            .when("returnAll", [false]),
        where_form().when("operation", ["select"]),
        where_form().when("operation", ["deleteTable"]).when("deleteCommand", ["delete"]),
        combine_form().when("operation", ["select"]),
        combine_form().when("operation", ["deleteTable"]).when("deleteCommand", ["delete"]),
        sort_form(),
    ]
}

fn where_form() -> Parameter {
    let comparisons = ["equal", "!=", "LIKE", ">", "<", ">=", "<=", "IS NULL", "IS NOT NULL"];
    let said = |value: &'static str| match value {
        "equal" => choice(value, label("=", "=")),
        other => choice(other, label(other, other)),
    };
    let value = field(ParameterType::String, "value", label("Value", "Valeur"))
        .when("condition", comparisons.into_iter().filter(|comparison| !comparison.starts_with("IS")));
    let comparison = field(ParameterType::Options, "condition", label("Comparison", "Comparaison"))
        .help(
            "With LIKE, % stands for any letters and _ for one.",
            "Avec LIKE, % remplace des lettres quelconques et _ une seule.",
        )
        .or("equal")
        .choices(comparisons.map(said));
    let conditions = field(ParameterType::FixedCollection, "values", label("Conditions", "Conditions"))
        .multiple()
        .fields([column(), comparison, value]);
    field(ParameterType::FixedCollection, "where", label("Rows where", "Lignes où"))
        .help("Without a condition, all rows.", "Sans condition, toutes les lignes.")
        .fields([conditions])
}

fn combine_form() -> Parameter {
    field(ParameterType::Options, "combineConditions", label("Conditions hold", "Conditions remplies"))
        .help(
            "Whether a row must fulfil all conditions or one.",
            "Si une ligne doit remplir toutes les conditions ou une seule.",
        )
        .or("AND")
        .choices([choice("AND", label("all of them", "toutes")), choice("OR", label("one of them", "une d’elles"))])
}

fn sort_form() -> Parameter {
    let direction = field(ParameterType::Options, "direction", label("Direction", "Ordre")).or("ASC").choices([
        choice("ASC", label("Smallest first", "Croissant")),
        choice("DESC", label("Largest first", "Décroissant")),
    ]);
    field(ParameterType::FixedCollection, "sort", label("Sort by", "Trier par"))
        .help(
            "Where the first column is the same, the next one decides.",
            "Si la première colonne est identique, la suivante décide.",
        )
        .when("operation", ["select"])
        .fields([field(ParameterType::FixedCollection, "values", label("Columns", "Colonnes"))
            .multiple()
            .fields([column(), direction])])
}

/// Which statements are done together.
pub(crate) fn batching() -> Parameter {
    field(ParameterType::Options, "queryBatching", label("Statements", "Instructions"))
        .help(
            "What happens to the other statements when one fails.",
            "Ce qui arrive aux autres instructions quand l’une échoue.",
        )
        .or("single")
        .choices([
            choice("single", label("All or none", "Toutes ou aucune")).help(
                "All of them in one transaction; a single one in none.",
                "Toutes dans une même transaction ; une seule, dans aucune.",
            ),
            choice("independently", label("Each on its own", "Chacune pour soi"))
                .help("What fails takes nothing else back.", "Ce qui échoue n’annule rien d’autre."),
            choice("transaction", label("In a transaction, even a single one", "Dans une transaction, même une seule")),
        ])
}

/// The columns that are given.
pub(crate) fn output_columns() -> Parameter {
    field(ParameterType::String, "outputColumns", label("Columns to give", "Colonnes à donner"))
        .example("*")
        .help("Names with commas between them.", "Des noms séparés par des virgules.")
}

/// Seconds to connect, and for all statements.
pub(crate) fn timeouts() -> [Parameter; 2] {
    let seconds = |name, text| field(ParameterType::Number, name, text).literal().between(1.0, 3600.0);
    [
        seconds("connectionTimeout", label("Time to connect (s)", "Délai de connexion (s)"))
            .help("30 unless you say otherwise.", "30 sauf indication contraire."),
        seconds("queryTimeout", label("Time for all statements (s)", "Délai des instructions (s)"))
            .help("300 unless you say otherwise.", "300 sauf indication contraire."),
    ]
}
