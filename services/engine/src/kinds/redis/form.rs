//! The form of the node.

use weft_nodes::{Parameter, ParameterType, choice, field, label};

pub(super) fn form() -> Vec<Parameter> {
    let text = |name, text| field(ParameterType::String, name, text);
    let switch = |name, text| field(ParameterType::Boolean, name, text).literal();
    vec![
        field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
            .credentials(["redis"])
            .required(),
        operation(),
        text("key", label("Key", "Clé"))
            .help("Its name, “user:7” for instance.", "Son nom, « user:7 » par exemple.")
            .required()
            .when("operation", ["get", "set", "delete", "incr"]),
        text("list", label("List", "Liste"))
            .help("The name of the list.", "Le nom de la liste.")
            .required()
            .when("operation", ["push", "pop", "llen"]),
        text("channel", label("Channel", "Canal"))
            .help(
                "The name of the channel; whoever listens to it gets the data.",
                "Le nom du canal ; qui l’écoute reçoit les données.",
            )
            .required()
            .when("operation", ["publish"]),
        text("messageData", label("Data", "Données"))
            .help("A text; give lists and objects as JSON.", "Un texte ; donnez les listes et les objets en JSON.")
            .required()
            .rows(3)
            .when("operation", ["push", "publish"]),
        text("value", label("Value", "Valeur"))
            .help(
                "A text, or a list or an object where the type is one.",
                "Un texte, ou une liste ou un objet si le type en est un.",
            )
            .rows(3)
            .when("operation", ["set"]),
        kinds("get"),
        kinds("set"),
        switch("valueIsJSON", label("The value is JSON", "La valeur est en JSON"))
            .help(
                "An object as JSON; otherwise names and values with blanks between them.",
                "Un objet en JSON ; sinon des noms et des valeurs séparés par des blancs.",
            )
            .or(true)
            .when("operation", ["set"])
            .when("keyType", ["hash"]),
        switch("expire", label("Expires", "Expire"))
            .help(
                "The key is deleted by itself after some time.",
                "La clé est supprimée d’elle-même après un certain temps.",
            )
            .or(false)
            .when("operation", ["set", "incr"]),
        field(ParameterType::Number, "ttl", label("Seconds to live", "Durée de vie (s)"))
            .help("A whole number from 1 on.", "Un nombre entier à partir de 1.")
            .or(60)
            .at_least(1.0)
            .when("operation", ["set", "incr"])
            .when("expire", [true]),
        text("keyPattern", label("Pattern", "Motif"))
            .help(
                "* stands for anything, ? for one sign, [ab] for one of these.",
                "* remplace n’importe quoi, ? un signe, [ab] l’un de ceux-ci.",
            )
            .required()
            .example("user:*")
            .when("operation", ["keys"]),
        switch("getValues", label("With their values", "Avec leurs valeurs"))
            .help(
                "Otherwise only the names of the keys, as the list “keys”.",
                "Sinon seulement les noms des clés, dans la liste « keys ».",
            )
            .or(true)
            .when("operation", ["keys"]),
        switch("tail", label("At the end", "À la fin"))
            .help("Otherwise at the beginning.", "Sinon au début.")
            .or(false)
            .when("operation", ["push", "pop"]),
        text("propertyName", label("Name of the field", "Nom du champ"))
            .help("The field that the value is put into.", "Le champ où mettre la valeur.")
            .or("propertyName")
            .when("operation", ["get", "pop"]),
        field(ParameterType::Collection, "options", label("Options", "Options"))
            .when("operation", ["get", "pop"])
            .fields([switch("dotNotation", label("Dots go inside objects", "Les points descendent dans les objets"))
                .help(
                    "“user.name” is then the field “name” inside of “user”.",
                    "« user.name » est alors le champ « name » dans « user ».",
                )
                .or(true)]),
    ]
}

fn operation() -> Parameter {
    field(ParameterType::Options, "operation", label("Operation", "Opération"))
        .help("What each item does.", "Ce que fait chaque élément.")
        .or("get")
        .choices([
            choice("get", label("Get a key", "Lire une clé")),
            choice("set", label("Set a key", "Écrire une clé")),
            choice("delete", label("Delete a key", "Supprimer une clé")),
            choice("incr", label("Count up", "Incrémenter")).help(
                "Adds 1 to the number of the key; a missing one counts as 0.",
                "Ajoute 1 au nombre de la clé ; une clé absente vaut 0.",
            ),
            choice("keys", label("Find keys", "Chercher des clés"))
                .help("Those whose name fits a pattern.", "Celles dont le nom correspond à un motif."),
            choice("push", label("Push to a list", "Ajouter à une liste")),
            choice("pop", label("Pop from a list", "Retirer d’une liste"))
                .help("Gives an entry and removes it.", "Donne une entrée et la retire."),
            choice("llen", label("Length of a list", "Longueur d’une liste")),
            choice("publish", label("Publish to a channel", "Publier dans un canal")),
            choice("info", label("About the server", "À propos du serveur")),
        ])
}

/// How a value is kept, which reading and writing ask for.
fn kinds(operation: &'static str) -> Parameter {
    field(ParameterType::Options, "keyType", label("Type", "Type"))
        .help("How the value is kept in Redis.", "Comment la valeur est gardée dans Redis.")
        .or("automatic")
        .choices([
            choice("automatic", label("Found out by itself", "Trouvé tout seul")),
            choice("string", label("Text", "Texte")),
            choice("hash", label("Hash", "Table de hachage")),
            choice("list", label("List", "Liste")),
            choice("sets", label("Set", "Ensemble")),
        ])
        .when("operation", [operation])
}
