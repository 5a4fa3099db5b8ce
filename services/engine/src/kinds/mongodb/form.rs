//! What the editor shows of MongoDB.

use std::sync::LazyLock;

use weft_nodes::{Descriptor, Group, Parameter, ParameterType, Retried, choice, field, label, port};

use crate::sql::form::timeouts;

const CHANGES: [&str; 3] = ["update", "findOneAndUpdate", "findOneAndReplace"];
const WRITES: [&str; 4] = ["insert", "update", "findOneAndUpdate", "findOneAndReplace"];
const ON_INDEXES: [&str; 4] = ["createSearchIndex", "listSearchIndexes", "updateSearchIndex", "dropSearchIndex"];
const OF_ONE_INDEX: [&str; 3] = ["createSearchIndex", "updateSearchIndex", "dropSearchIndex"];
const DEFINES: [&str; 2] = ["createSearchIndex", "updateSearchIndex"];

pub(super) static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "mongodb",
    version: 1,
    label: label("MongoDB", "MongoDB"),
    description: label(
        "Finds, writes and deletes documents of a MongoDB database.",
        "Cherche, écrit et supprime des documents d’une base de données MongoDB.",
    ),
    group: Group::Act,
    icon: "database",
    color: "green",
    subtitle: Some("{operation} {collection}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::AtMostOnce,
    documentation: label(
        "One question for each item; documents that are inserted travel together. Ids are given as texts, moments in UTC, bytes in \
         Base64, and as texts the numbers with more digits than a number has here. In what is asked, {\"$oid\": \"…\"}, \
         {\"$date\": \"…\"} and the other objects of MongoDB’s extended JSON stand for such values. If the server stops in the \
         middle, reading, deleting and updating are repeated; inserting, and pipelines that write, are not.",
        "Une question par élément ; les documents insérés voyagent ensemble. Les identifiants sont donnés en textes, les moments en \
         UTC, les octets en Base64, et en textes les nombres qui ont plus de chiffres qu’un nombre ne peut en avoir ici. Dans les \
         questions, {\"$oid\": \"…\"}, {\"$date\": \"…\"} et les autres objets du JSON étendu de MongoDB représentent ces valeurs. Si \
         le serveur s’arrête au milieu, les lectures, les suppressions et les mises à jour sont répétées ; les insertions et les \
         pipelines qui écrivent ne le sont pas.",
    ),
});

fn form() -> Vec<Parameter> {
    let text = |name, text| field(ParameterType::String, name, text);
    let mut form = vec![
        field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
            .credentials(["mongodb"])
            .required(),
        operation(),
        text("collection", label("Collection", "Collection"))
            .help(
                "Its name; it is made when something is inserted.",
                "Son nom ; elle est créée quand quelque chose est inséré.",
            )
            .required()
            .example("orders"),
        query("={ \"order\": {{ $json.id }} }").when("operation", ["find", "delete"]),
        query("[{ \"$group\": { \"_id\": \"$city\", \"n\": { \"$sum\": 1 } } }]")
            .required()
            .when("operation", ["aggregate"]),
        values("queryParameters", label("Values of $1, $2, …", "Valeurs de $1, $2, …"))
            .when("operation", ["find", "delete", "aggregate"]),
        text("updateKey", label("Field to match", "Champ à comparer"))
            .or("id")
            .help(
                "The document is changed whose field says the same as that of the item.",
                "Le document modifié est celui dont ce champ dit la même chose que celui de l’élément.",
            )
            .when("operation", CHANGES),
        text("fields", label("Fields to write", "Champs à écrire"))
            .help(
                "Names with commas between them; all fields of the item where it is empty.",
                "Des noms séparés par des virgules ; tous les champs de l’élément si c’est vide.",
            )
            .example("name, address.city")
            .when("operation", WRITES),
        field(ParameterType::Boolean, "upsert", label("Insert where there is none", "Insérer s’il n’y en a pas"))
            .help(
                "Otherwise nothing happens where no document matches.",
                "Sinon rien ne se passe si aucun document ne correspond.",
            )
            .literal()
            .or(false)
            .when("operation", CHANGES),
    ];
    form.extend(of_indexes());
    form.push(options(found()).when("operation", ["find"]));
    form.push(options(written()).when("operation", WRITES));
    let others = ["aggregate", "delete"].into_iter().chain(ON_INDEXES);
    form.push(options(Vec::new()).when("operation", others));
    form
}

fn operation() -> Parameter {
    field(ParameterType::Options, "operation", label("Operation", "Opération"))
        .help("What each item does.", "Ce que fait chaque élément.")
        .or("find")
        .choices([
            choice("find", label("Find documents", "Chercher des documents")),
            choice("insert", label("Insert documents", "Insérer des documents")),
            choice("update", label("Update documents", "Mettre à jour des documents")),
            choice("findOneAndUpdate", label("Find and update", "Chercher et mettre à jour"))
                .help("Changes one document.", "Modifie un document."),
            choice("findOneAndReplace", label("Find and replace", "Chercher et remplacer"))
                .help("Puts the item in place of one document.", "Met l’élément à la place d’un document."),
            choice("delete", label("Delete documents", "Supprimer des documents")),
            choice("aggregate", label("Aggregate", "Agréger"))
                .help("Gives what a pipeline makes of the documents.", "Donne ce qu’un pipeline fait des documents."),
            choice("createSearchIndex", label("Create a search index", "Créer un index de recherche")),
            choice("listSearchIndexes", label("List search indexes", "Lister les index de recherche")),
            choice("updateSearchIndex", label("Update a search index", "Modifier un index de recherche")),
            choice("dropSearchIndex", label("Delete a search index", "Supprimer un index de recherche")),
        ])
}

fn query(example: &'static str) -> Parameter {
    field(ParameterType::Json, "query", label("Query", "Requête")).rows(5).example(example).help(
        "Give what others wrote as $1, $2, …: written between quotes here, it could end them.",
        "Donnez ce que d’autres ont écrit par $1, $2, … : écrit ici entre guillemets, cela pourrait les fermer.",
    )
}

fn values(name: &'static str, text: weft_nodes::Label) -> Parameter {
    field(ParameterType::Json, name, text).example("={{ [$json.id, $json.name] }}").help(
        "A list. Each stands for a text $1, $2, … and is never read as an operator.",
        "Une liste. Chaque valeur remplace un texte $1, $2, … et n’est jamais lue comme un opérateur.",
    )
}

fn of_indexes() -> [Parameter; 5] {
    let name = || field(ParameterType::String, "indexName", label("Name of the index", "Nom de l’index"));
    [
        name().required().when("operation", OF_ONE_INDEX),
        name().help("All of them where it is empty.", "Tous si c’est vide.").when("operation", ["listSearchIndexes"]),
        field(ParameterType::Options, "indexType", label("Kind of index", "Genre d’index"))
            .help("Search indexes are those of Atlas Search.", "Les index de recherche sont ceux d’Atlas Search.")
            .or("vectorSearch")
            .choices([
                choice("vectorSearch", label("For vectors", "Pour des vecteurs")),
                choice("search", label("For words", "Pour des mots")),
            ])
            .when("operation", ["createSearchIndex"]),
        field(ParameterType::Json, "indexDefinition", label("Definition", "Définition"))
            .help(
                "What the index covers, as Atlas Search describes it.",
                "Ce que couvre l’index, comme Atlas Search le décrit.",
            )
            .required()
            .rows(6)
            .example("{ \"mappings\": { \"dynamic\": true } }")
            .when("operation", DEFINES),
        values("indexDefinitionParameters", label("Values of $1, $2, …", "Valeurs de $1, $2, …"))
            .when("operation", DEFINES),
    ]
}

fn options(own: Vec<Parameter>) -> Parameter {
    field(ParameterType::Collection, "options", label("Options", "Options")).fields(own.into_iter().chain(timeouts()))
}

fn found() -> Vec<Parameter> {
    let number = |name, text| field(ParameterType::Number, name, text).or(0).at_least(0.0);
    let json = |name, text| field(ParameterType::Json, name, text);
    vec![
        number("limit", label("At most (0: all)", "Au plus (0 : tous)")),
        number("skip", label("Leave out the first", "Laisser les premiers")).help(
            "So many documents at the beginning are not given.",
            "Ce nombre de documents au début n’est pas donné.",
        ),
        json("sort", label("Sort by", "Trier par"))
            .help(
                "An object: 1 for smallest first, -1 for largest first.",
                "Un objet : 1 pour l’ordre croissant, -1 pour l’ordre décroissant.",
            )
            .example("{ \"total\": -1 }"),
        values("sortParameters", label("Values of $1, $2, … in it", "Valeurs de $1, $2, … dans le tri")),
        json("projection", label("Fields to give", "Champs à donner"))
            .help(
                "An object: 1 for a field to give, 0 for one to leave out.",
                "Un objet : 1 pour un champ à donner, 0 pour un champ à omettre.",
            )
            .example("{ \"name\": 1, \"_id\": 0 }"),
        values("projectionParameters", label("Values of $1, $2, … in them", "Valeurs de $1, $2, … dans les champs")),
    ]
}

fn written() -> Vec<Parameter> {
    vec![
        field(ParameterType::String, "dateFields", label("Fields that are moments", "Champs qui sont des moments"))
            .example("createdAt")
            .help("Names with commas between them.", "Des noms séparés par des virgules."),
        field(
            ParameterType::Boolean,
            "useDotNotation",
            label("Dots go inside objects", "Les points descendent dans les objets"),
        )
        .help(
            "“address.city” is then the field “city” inside of “address”.",
            "« address.city » est alors le champ « city » dans « address ».",
        )
        .literal()
        .or(false),
    ]
}
