//! What the editor shows of MySQL.

use std::sync::LazyLock;

use weft_nodes::{Descriptor, Group, Parameter, ParameterType, Retried, choice, field, label, port};

use crate::sql::form as sql;

pub(super) static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "mysql",
    version: 1,
    label: label("MySQL", "MySQL"),
    description: label(
        "Reads and writes rows of a MySQL or MariaDB database.",
        "Lit et écrit des lignes d’une base de données MySQL ou MariaDB.",
    ),
    group: Group::Act,
    icon: "database",
    color: "orange",
    subtitle: Some("{operation} {table}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::AtMostOnce,
    documentation: label(
        "One statement for each item, all of them in one transaction unless an option says otherwise; tables without transactions \
         (MyISAM) and statements that change tables take nothing back. Moments are given in UTC, bytes in Base64. If the server \
         stops in the middle, reading is repeated, and so is what sets the same values again; inserts and queries of your own are \
         not.",
        "Une instruction par élément, toutes dans une même transaction sauf si une option dit autre chose ; les tables sans \
         transactions (MyISAM) et les instructions qui changent des tables n’annulent rien. Les moments sont donnés en UTC, les \
         octets en Base64. Si le serveur s’arrête au milieu, les lectures sont répétées, ainsi que ce qui remet les mêmes \
         valeurs ; les insertions et vos propres requêtes ne le sont pas.",
    ),
});

fn form() -> Vec<Parameter> {
    let mut form = vec![
        field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
            .credentials(["mysql"])
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
                "An expression that gives a list, or values with commas between them. They are never read as \
                 SQL; $1:name stands for a name, a value that is a list for its entries with commas between \
                 them.",
                "Une expression qui donne une liste, ou des valeurs séparées par des virgules. Elles ne sont \
                 jamais lues comme du SQL ; $1:name est un nom, une valeur qui est une liste vaut ses \
                 entrées séparées par des virgules.",
            ),
        sql::batching(),
        sql::output_columns(),
        switch("selectDistinct", label("Each row once", "Chaque ligne une fois")).help(
            "Rows that are the same are given once (SELECT DISTINCT).",
            "Les lignes identiques sont données une fois (SELECT DISTINCT).",
        ),
        large_numbers(),
        switch("decimalNumbers", label("Decimals as numbers", "Décimaux en nombres")).help(
            "Otherwise as texts, which keep all their digits.",
            "Sinon en textes, qui gardent tous leurs chiffres.",
        ),
        switch("detailedOutput", label("Give the statement and its result", "Donner l’instruction et son résultat"))
            .help("For finding out what a statement did.", "Pour savoir ce qu’une instruction a fait."),
        field(ParameterType::Options, "priority", label("Priority of inserts", "Priorité des insertions"))
            .help(
                "For tables that lock as a whole, such as MyISAM.",
                "Pour les tables qui se verrouillent en entier, comme MyISAM.",
            )
            .or("")
            .choices([
                choice("", label("As the server says", "Celle du serveur")),
                choice("LOW_PRIORITY", label("After all who read", "Après tous ceux qui lisent")),
                choice("HIGH_PRIORITY", label("Before those who read", "Avant ceux qui lisent")),
            ]),
        switch("skipOnConflict", label("Skip rows that exist", "Passer les lignes qui existent")).help(
            "Otherwise a row that breaks a unique column fails.",
            "Sinon une ligne qui enfreint une colonne unique échoue.",
        ),
        switch("replaceEmptyStrings", label("Empty texts are NULL", "Les textes vides sont NULL"))
            .help("An empty text of an item is written as NULL.", "Un texte vide d’un élément est écrit comme NULL."),
        to_connect,
        for_all,
    ])
}

fn large_numbers() -> Parameter {
    field(ParameterType::Options, "largeNumbersOutput", label("Large numbers", "Grands nombres"))
        .or("numbers")
        .choices([
            choice("numbers", label("As numbers where they are exact", "En nombres s’ils sont exacts")),
            choice("text", label("As texts", "En textes")),
        ])
        .help(
            "bigint holds more digits than a number can here.",
            "bigint a plus de chiffres qu’un nombre ne peut en avoir ici.",
        )
}
