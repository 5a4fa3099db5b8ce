//! What the editor shows of LDAP.

use std::sync::LazyLock;

use weft_nodes::{Descriptor, Group, Parameter, ParameterType, Retried, choice, field, label, port};

pub(super) static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "ldap",
    version: 1,
    label: label("LDAP", "LDAP"),
    description: label(
        "Finds, makes and changes entries of a directory.",
        "Cherche, crée et modifie des entrées d’un annuaire.",
    ),
    group: Group::Act,
    icon: "users",
    color: "teal",
    subtitle: Some("{operation} {dn}{baseDN}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::AtMostOnce,
    documentation: label(
        "One request for each item. A search gives one item for each entry: its name as “dn” and its attributes, a list where one has \
         several values, in Base64 where they are no text. If the server stops in the middle, searches and comparisons are repeated; \
         changes are not.",
        "Une demande par élément. Une recherche donne un élément par entrée : son nom dans « dn » et ses attributs, une liste s’ils ont \
         plusieurs valeurs, en Base64 s’ils ne sont pas du texte. Si le serveur s’arrête au milieu, les recherches et les comparaisons \
         sont répétées ; les modifications ne le sont pas.",
    ),
});

fn form() -> Vec<Parameter> {
    let mut form = vec![
        field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
            .credentials(["ldap"])
            .required(),
        field(ParameterType::Options, "operation", label("Operation", "Opération")).or("search").choices([
            choice("search", label("Search", "Chercher")),
            choice("compare", label("Compare a value", "Comparer une valeur")).help(
                "Tells whether an entry has a value, without showing it.",
                "Dit si une entrée a une valeur, sans la montrer.",
            ),
            choice("create", label("Create an entry", "Créer une entrée")),
            choice("update", label("Update an entry", "Modifier une entrée")),
            choice("rename", label("Rename an entry", "Renommer une entrée")),
            choice("delete", label("Delete an entry", "Supprimer une entrée")),
        ]),
        field(ParameterType::String, "dn", label("Distinguished name", "Nom distinctif"))
            .help(
                "The entry’s whole name, from itself to the root of the directory.",
                "Le nom entier de l’entrée, d’elle-même à la racine de l’annuaire.",
            )
            .required()
            .example("uid=ada,ou=people,dc=example,dc=com")
            .when("operation", ["compare", "create", "update", "rename", "delete"]),
        field(ParameterType::String, "targetDn", label("New distinguished name", "Nouveau nom distinctif"))
            .help(
                "The entry’s whole new name; another parent moves it there.",
                "Le nouveau nom entier de l’entrée ; un autre parent l’y déplace.",
            )
            .required()
            .when("operation", ["rename"]),
    ];
    form.extend(search());
    form.extend([
        field(ParameterType::String, "attribute", label("Attribute", "Attribut"))
            .help("The attribute that is compared.", "L’attribut qui est comparé.")
            .required()
            .example("mail")
            .when("operation", ["compare"]),
        field(ParameterType::String, "value", label("Value", "Valeur"))
            .help("What the attribute should hold.", "Ce que l’attribut devrait contenir.")
            .when("operation", ["compare"]),
        field(ParameterType::FixedCollection, "attributes", label("Attributes", "Attributs"))
            .help(
                "What the entry holds; objectClass is nearly always needed.",
                "Ce que contient l’entrée ; objectClass est presque toujours nécessaire.",
            )
            .when("operation", ["create"])
            .fields([values("attribute", label("Attributes", "Attributs"))]),
        field(ParameterType::FixedCollection, "changes", label("Changes", "Modifications"))
            .when("operation", ["update"])
            .fields([
                values("add", label("Add", "Ajouter")).help(
                    "Values that an attribute gets besides those it has.",
                    "Des valeurs qu’un attribut reçoit en plus des siennes.",
                ),
                values("replace", label("Replace", "Remplacer")).help(
                    "Values that take the place of all that an attribute has.",
                    "Des valeurs qui remplacent toutes celles d’un attribut.",
                ),
                values("delete", label("Remove", "Retirer")),
            ]),
        options(),
    ]);
    form
}

fn values(name: &'static str, text: weft_nodes::Label) -> Parameter {
    field(ParameterType::FixedCollection, name, text).multiple().fields([
        field(ParameterType::String, "id", label("Attribute", "Attribut"))
            .help("Name it several times for several values.", "Nommez-le plusieurs fois pour plusieurs valeurs."),
        field(ParameterType::String, "value", label("Value", "Valeur")),
    ])
}

fn search() -> [Parameter; 8] {
    [
        field(ParameterType::String, "baseDN", label("Search below", "Chercher sous"))
            .help("The entry that the search begins at.", "L’entrée où la recherche commence.")
            .required()
            .example("ou=people,dc=example,dc=com")
            .when("operation", ["search"]),
        field(ParameterType::Options, "searchFor", label("Search for", "Chercher"))
            .help("How the entries that are wanted are described.", "Comment les entrées cherchées sont décrites.")
            .or("custom")
            .choices([
                choice("custom", label("What a filter says", "Ce que dit un filtre")),
                choice("class", label("Entries of a class", "Les entrées d’une classe")),
            ])
            .when("operation", ["search"]),
        field(ParameterType::String, "customFilter", label("Filter", "Filtre"))
            .help(
                "As RFC 4515 writes it: (&(a=1)(b=2)) for both, (!(a=1)) for not.",
                "Comme l’écrit la RFC 4515 : (&(a=1)(b=2)) pour les deux, (!(a=1)) pour non.",
            )
            .or("(objectClass=*)")
            .example("(&(objectClass=person)(mail=*@example.com))")
            .when("operation", ["search"])
            .when("searchFor", ["custom"]),
        field(ParameterType::String, "objectClass", label("Class", "Classe"))
            .help("The class of the entries that are wanted.", "La classe des entrées cherchées.")
            .required()
            .example("inetOrgPerson")
            .when("operation", ["search"])
            .when("searchFor", ["class"]),
        field(ParameterType::String, "searchAttribute", label("Whose attribute", "Dont l’attribut"))
            .help("The attribute that is looked at.", "L’attribut qui est examiné.")
            .required()
            .example("cn")
            .when("operation", ["search"])
            .when("searchFor", ["class"]),
        field(ParameterType::String, "searchText", label("Is", "Vaut"))
            .or("*")
            .help("* stands for anything.", "* remplace n’importe quoi.")
            .when("operation", ["search"])
            .when("searchFor", ["class"]),
        field(ParameterType::Boolean, "returnAll", label("All entries", "Toutes les entrées"))
            .help(
                "Otherwise only so many entries as stand below.",
                "Sinon seulement autant d’entrées qu’indiqué ci-dessous.",
            )
            .literal()
            .or(false)
            .when("operation", ["search"]),
        field(ParameterType::Number, "limit", label("At most", "Au plus"))
            .help("The most entries that are given.", "Le plus d’entrées qui sont données.")
            .or(50)
            .at_least(1.0)
            .when("operation", ["search"])
            .when("returnAll", [false]),
    ]
}

fn options() -> Parameter {
    field(ParameterType::Collection, "options", label("Options", "Options")).when("operation", ["search"]).fields([
        field(ParameterType::String, "attributes", label("Attributes to give", "Attributs à donner"))
            .example("cn, mail")
            .help("Names with commas between them.", "Des noms séparés par des virgules."),
        field(ParameterType::Options, "scope", label("Scope", "Portée"))
            .help("How far below the base the search goes.", "Jusqu’où sous la base la recherche descend.")
            .or("sub")
            .choices([
                choice("base", label("The entry itself", "L’entrée elle-même")),
                choice("one", label("One level below it", "Un niveau en dessous")),
                choice("sub", label("It and all below it", "Elle et tout en dessous")),
            ]),
        field(ParameterType::Number, "pageSize", label("Entries at a time", "Entrées à la fois"))
            .literal()
            .or(1000)
            .between(0.0, 100_000.0)
            .help("0 asks for all at once.", "0 les demande toutes d’un coup."),
    ])
}
