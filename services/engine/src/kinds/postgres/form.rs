//! What the editor shows of Postgres.

use std::sync::LazyLock;

use weft_nodes::{Descriptor, Group, Parameter, ParameterType, Retried, choice, field, label, port};

use crate::sql::form as sql;

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

fn form() -> Vec<Parameter> {
    let mut form = vec![
        field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
            .credentials(["postgres"])
            .required(),
        sql::operation(),
        sql::query("select * from orders where id = $1"),
        field(ParameterType::String, "schema", label("Schema", "Schéma"))
            .help(
                "The schema that the table is in; “public” in most databases.",
                "Le schéma où se trouve la table ; « public » dans la plupart des bases.",
            )
            .or("public")
            .when("operation", sql::ON_A_TABLE),
        sql::table(),
        sql::delete_command(),
        field(ParameterType::Boolean, "restartSequences", label("Restart sequences", "Redémarrer les séquences"))
            .help(
                "Numbers that are given by themselves begin at 1 again.",
                "Les numéros attribués d’eux-mêmes repartent de 1.",
            )
            .literal()
            .or(false)
            .when("operation", ["deleteTable"])
            .when("deleteCommand", ["truncate"]),
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
                "An expression that gives a list, or values with commas between them. They are never read as \
                 SQL; $1:name stands for a name, $1:csv for a list of values.",
                "Une expression qui donne une liste, ou des valeurs séparées par des virgules. Elles ne sont \
                 jamais lues comme du SQL ; $1:name est un nom, $1:csv une liste de valeurs.",
            ),
        sql::batching(),
        sql::output_columns(),
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
        switch("skipOnConflict", label("Skip rows that exist", "Passer les lignes qui existent")).help(
            "Otherwise a row that breaks a unique column fails.",
            "Sinon une ligne qui enfreint une colonne unique échoue.",
        ),
        switch("replaceEmptyStrings", label("Empty texts are NULL", "Les textes vides sont NULL"))
            .help("An empty text of an item is written as NULL.", "Un texte vide d’un élément est écrit comme NULL."),
        switch("cascade", label("Cascade", "En cascade"))
            .help("What depends on the table is deleted with it.", "Ce qui dépend de la table est supprimé avec elle."),
        to_connect,
        for_all,
    ])
}
