//! What the editor shows of SQL Server.

use std::sync::LazyLock;

use weft_nodes::{Descriptor, Group, Parameter, ParameterType, Retried, field, label, port};

use crate::sql::form as sql;

pub(super) static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "mssql",
    version: 1,
    label: label("Microsoft SQL Server", "Microsoft SQL Server"),
    description: label(
        "Reads and writes rows of a SQL Server or Azure SQL database.",
        "Lit et écrit des lignes d’une base de données SQL Server ou Azure SQL.",
    ),
    group: Group::Act,
    icon: "database",
    color: "red",
    subtitle: Some("{operation} {table}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::AtMostOnce,
    documentation: label(
        "One statement for each item, all of them in one transaction unless an option says otherwise. Moments are given in UTC, bytes \
         in Base64, numbers with more digits than a number has here as texts. If the server stops in the middle, reading is repeated, \
         and so is what sets the same values again; inserts and queries of your own are not.",
        "Une instruction par élément, toutes dans une même transaction sauf si une option dit autre chose. Les moments sont donnés en \
         UTC, les octets en Base64, et en textes les nombres qui ont plus de chiffres qu’un nombre ne peut en avoir ici. Si le serveur \
         s’arrête au milieu, les lectures sont répétées, ainsi que ce qui remet les mêmes valeurs ; les insertions et vos propres \
         requêtes ne le sont pas.",
    ),
});

fn form() -> Vec<Parameter> {
    let mut form = vec![
        field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
            .credentials(["mssql"])
            .required(),
        sql::operation(),
        sql::query("select * from orders where id = $1"),
        sql::table(),
        sql::delete_command(),
    ];
    form.extend(sql::written());
    form.extend(sql::chosen());
    form.push(options());
    form
}

fn options() -> Parameter {
    let switch = |name, text| field(ParameterType::Boolean, name, text).literal().or(false);
    let [to_connect, for_all] = sql::timeouts();
    field(ParameterType::Collection, "options", label("Options", "Options")).fields([
        field(ParameterType::String, "queryReplacement", label("Values of $1, $2, …", "Valeurs de $1, $2, …"))
            .example("={{ [$json.id, $json.name] }}")
            .help(
                "An expression that gives a list, or values with commas between them. They are never read as SQL.",
                "Une expression qui donne une liste, ou des valeurs séparées par des virgules. Elles ne sont \
                 jamais lues comme du SQL.",
            ),
        sql::batching(),
        sql::output_columns(),
        switch("selectDistinct", label("Each row once", "Chaque ligne une fois")).help(
            "Rows that are the same are given once (SELECT DISTINCT).",
            "Les lignes identiques sont données une fois (SELECT DISTINCT).",
        ),
        switch("replaceEmptyStrings", label("Empty texts are NULL", "Les textes vides sont NULL"))
            .help("An empty text of an item is written as NULL.", "Un texte vide d’un élément est écrit comme NULL."),
        to_connect,
        for_all,
    ])
}
