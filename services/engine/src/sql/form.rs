//! The parts of a form that databases share.

use weft_nodes::{Parameter, ParameterType, choice, field, label};

pub(crate) const ON_A_TABLE: [&str; 5] = ["select", "insert", "upsert", "update", "deleteTable"];
pub(crate) const WRITES: [&str; 3] = ["insert", "upsert", "update"];

/// What is done.
pub(crate) fn operation() -> Parameter {
    field(ParameterType::Options, "operation", label("Operation", "Opération")).or("select").choices([
        choice("select", label("Read rows", "Lire des lignes")),
        choice("insert", label("Insert rows", "Insérer des lignes")),
        choice("upsert", label("Insert or update rows", "Insérer ou mettre à jour des lignes")),
        choice("update", label("Update rows", "Mettre à jour des lignes")),
        choice("deleteTable", label("Delete rows or a table", "Supprimer des lignes ou une table")),
        choice("executeQuery", label("Execute a query", "Exécuter une requête")),
    ])
}

/// A query of one's own.
pub(crate) fn query(example: &'static str) -> Parameter {
    field(ParameterType::String, "query", label("Query", "Requête"))
        .required()
        .rows(6)
        .example(example)
        .when("operation", ["executeQuery"])
}

pub(crate) fn table() -> Parameter {
    field(ParameterType::String, "table", label("Table", "Table"))
        .required()
        .example("orders")
        .when("operation", ON_A_TABLE)
}

pub(crate) fn delete_command() -> Parameter {
    field(ParameterType::Options, "deleteCommand", label("Delete", "Supprimer"))
        .or("truncate")
        .choices([
            choice("truncate", label("All rows", "Toutes les lignes")),
            choice("delete", label("Some rows", "Certaines lignes")),
            choice("drop", label("The table", "La table")),
        ])
        .when("operation", ["deleteTable"])
}

/// What is written where, and how rows are found that are changed.
pub(crate) fn written() -> [Parameter; 3] {
    let mode = field(ParameterType::Options, "dataMode", label("Columns", "Colonnes"))
        .or("autoMapInputData")
        .choices([
            choice("autoMapInputData", label("The fields of the item", "Les champs de l’élément")),
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
            .literal()
            .or(false)
            .when("operation", ["select"]),
        field(ParameterType::Number, "limit", label("At most", "Au plus"))
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
        .or("equal")
        .choices(comparisons.map(said));
    let conditions = field(ParameterType::FixedCollection, "values", label("Conditions", "Conditions"))
        .multiple()
        .fields([column(), comparison, value]);
    field(ParameterType::FixedCollection, "where", label("Rows where", "Lignes où")).fields([conditions])
}

fn combine_form() -> Parameter {
    field(ParameterType::Options, "combineConditions", label("Conditions hold", "Conditions remplies"))
        .or("AND")
        .choices([choice("AND", label("all of them", "toutes")), choice("OR", label("one of them", "une d’elles"))])
}

fn sort_form() -> Parameter {
    let direction = field(ParameterType::Options, "direction", label("Direction", "Ordre")).or("ASC").choices([
        choice("ASC", label("Smallest first", "Croissant")),
        choice("DESC", label("Largest first", "Décroissant")),
    ]);
    field(ParameterType::FixedCollection, "sort", label("Sort by", "Trier par")).when("operation", ["select"]).fields([
        field(ParameterType::FixedCollection, "values", label("Columns", "Colonnes"))
            .multiple()
            .fields([column(), direction]),
    ])
}

/// Which statements are done together.
pub(crate) fn batching() -> Parameter {
    field(ParameterType::Options, "queryBatching", label("Statements", "Instructions")).or("single").choices([
        choice("single", label("All or none", "Toutes ou aucune")),
        choice("independently", label("Each on its own", "Chacune pour soi")),
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
        seconds("connectionTimeout", label("Time to connect (s)", "Délai de connexion (s)")),
        seconds("queryTimeout", label("Time for all statements (s)", "Délai des instructions (s)")),
    ]
}
