//! What the editor shows of Postgres.

use std::sync::LazyLock;

use weft_nodes::{Descriptor, Group, Parameter, ParameterType, Retried, choice, field, label, port};

pub(super) static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "postgres",
    version: 1,
    label: label("Postgres", "Postgres"),
    description: label(
        "Reads and writes rows of a PostgreSQL database.",
        "Lit et écrit des lignes d’une base de données PostgreSQL.",
    ),
    group: Group::Act,
    icon: "database",
    color: "indigo",
    subtitle: Some("{operation} {table}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::AtMostOnce,
    documentation: label(
        "One statement for each item, all of them in one transaction unless an option says otherwise. If the server stops in the \
         middle, reading is repeated, and so is what sets the same values again; inserts and queries of your own are not.",
        "Une instruction par élément, toutes dans une même transaction sauf si une option dit autre chose. Si le serveur s’arrête au \
         milieu, les lectures sont répétées, ainsi que ce qui remet les mêmes valeurs ; les insertions et vos propres requêtes ne le \
         sont pas.",
    ),
});

const ON_A_TABLE: [&str; 5] = ["select", "insert", "upsert", "update", "deleteTable"];
const WRITES: [&str; 3] = ["insert", "upsert", "update"];

fn form() -> Vec<Parameter> {
    vec![
        field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
            .credentials(["postgres"])
            .required(),
        field(ParameterType::Options, "operation", label("Operation", "Opération")).or("select").choices([
            choice("select", label("Read rows", "Lire des lignes")),
            choice("insert", label("Insert rows", "Insérer des lignes")),
            choice("upsert", label("Insert or update rows", "Insérer ou mettre à jour des lignes")),
            choice("update", label("Update rows", "Mettre à jour des lignes")),
            choice("deleteTable", label("Delete rows or a table", "Supprimer des lignes ou une table")),
            choice("executeQuery", label("Execute a query", "Exécuter une requête")),
        ]),
        field(ParameterType::String, "query", label("Query", "Requête"))
            .required()
            .rows(6)
            .example("select * from orders where id = $1")
            .when("operation", ["executeQuery"]),
        field(ParameterType::String, "schema", label("Schema", "Schéma")).or("public").when("operation", ON_A_TABLE),
        field(ParameterType::String, "table", label("Table", "Table"))
            .required()
            .example("orders")
            .when("operation", ON_A_TABLE),
        field(ParameterType::Options, "deleteCommand", label("Delete", "Supprimer"))
            .or("truncate")
            .choices([
                choice("truncate", label("All rows", "Toutes les lignes")),
                choice("delete", label("Some rows", "Certaines lignes")),
                choice("drop", label("The table", "La table")),
            ])
            .when("operation", ["deleteTable"]),
        field(ParameterType::Boolean, "restartSequences", label("Restart sequences", "Redémarrer les séquences"))
            .literal()
            .or(false)
            .when("operation", ["deleteTable"])
            .when("deleteCommand", ["truncate"]),
        field(ParameterType::Options, "dataMode", label("Columns", "Colonnes"))
            .or("autoMapInputData")
            .choices([
                choice("autoMapInputData", label("The fields of the item", "Les champs de l’élément")),
                choice("defineBelow", label("Named here", "Nommées ici")),
            ])
            .when("operation", WRITES),
        field(ParameterType::String, "matchingColumns", label("Columns to match", "Colonnes à comparer"))
            .required()
            .example("id")
            .help("Names with commas between them.", "Des noms séparés par des virgules.")
            .when("operation", ["upsert", "update"]),
        values(),
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
        options(),
    ]
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

fn options() -> Parameter {
    let switch = |name, text| field(ParameterType::Boolean, name, text).literal().or(false);
    let seconds = |name, text| field(ParameterType::Number, name, text).literal().between(1.0, 3600.0);
    field(ParameterType::Collection, "options", label("Options", "Options")).fields([
        field(ParameterType::String, "queryReplacement", label("Values of $1, $2, …", "Valeurs de $1, $2, …"))
            .example("={{ [$json.id, $json.name] }}")
            .help(
                "An expression that gives a list, or values with commas between them. They are never read as SQL; $1:name stands for \
                 a name, $1:csv for a list of values.",
                "Une expression qui donne une liste, ou des valeurs séparées par des virgules. Elles ne sont jamais lues comme du \
                 SQL ; $1:name est un nom, $1:csv une liste de valeurs.",
            ),
        field(ParameterType::Options, "queryBatching", label("Statements", "Instructions")).or("single").choices([
            choice("single", label("All or none", "Toutes ou aucune")),
            choice("independently", label("Each on its own", "Chacune pour soi")),
            choice("transaction", label("In a transaction, even a single one", "Dans une transaction, même une seule")),
        ]),
        field(ParameterType::String, "outputColumns", label("Columns to give", "Colonnes à donner"))
            .example("*")
            .help("Names with commas between them.", "Des noms séparés par des virgules."),
        field(ParameterType::Options, "largeNumbersOutput", label("Large numbers", "Grands nombres"))
            .or("text")
            .choices([
                choice("text", label("As texts", "En textes")),
                choice("numbers", label("As numbers", "En nombres")),
            ])
            .help(
                "bigint and numeric hold more digits than a number can here.",
                "bigint et numeric ont plus de chiffres qu’un nombre ne peut en avoir ici.",
            ),
        switch("skipOnConflict", label("Skip rows that exist", "Passer les lignes qui existent")),
        switch("replaceEmptyStrings", label("Empty texts are NULL", "Les textes vides sont NULL")),
        switch("cascade", label("Cascade", "En cascade")).help(
            "What depends on the table is deleted with it.",
            "Ce qui dépend de la table est supprimé avec elle.",
        ),
        seconds("connectionTimeout", label("Time to connect (s)", "Délai de connexion (s)")),
        seconds("queryTimeout", label("Time for all statements (s)", "Délai des instructions (s)")),
    ])
}
