//! The form of the node.

use crate::descriptor::{choice, field};
use crate::{Parameter, ParameterType, label};

pub(super) fn form() -> Vec<Parameter> {
    vec![
        field(ParameterType::Options, "mode", label("Mode", "Mode"))
            .help(
                "Fields one by one, or an object written as JSON.",
                "Des champs un par un, ou un objet écrit en JSON.",
            )
            .or("manual")
            .choices([choice("manual", label("Fields", "Champs")), choice("raw", label("JSON", "JSON"))]),
        field(ParameterType::Assignments, "assignments", label("Fields to set", "Champs à définir"))
            .help(
                "Each has a name, a type and a value; a value that is not of its type is converted, or is an error. The value \
                 of a file is the name that it has in the item.",
                "Chacun a un nom, un type et une valeur ; une valeur d’un autre type est convertie, ou c’est une \
                 erreur. La valeur d’un fichier est le nom qu’il a dans l’élément.",
            )
            .when("mode", ["manual"]),
        field(ParameterType::Json, "jsonOutput", label("JSON", "JSON"))
            .help(
                "An object whose fields are set; it may hold expressions.",
                "Un objet dont les champs sont définis ; il peut contenir des expressions.",
            )
            .rows(5)
            .or("{}")
            .when("mode", ["raw"]),
        field(
            ParameterType::Boolean,
            "includeOtherFields",
            label("Include other input fields", "Inclure les autres champs"),
        )
        .help(
            "Otherwise the items have the fields that are set here, and no others.",
            "Sinon les éléments n’ont que les champs définis ici.",
        )
        .literal()
        .or(false),
        field(ParameterType::Options, "include", label("Input fields to include", "Champs d’entrée à inclure"))
            .help(
                "Which fields of the input are kept besides those that are set.",
                "Quels champs d’entrée restent à côté de ceux qui sont définis.",
            )
            .or("all")
            .choices([
                choice("all", label("All", "Tous")),
                choice("selected", label("Selected", "Sélectionnés")),
                choice("except", label("All except", "Tous sauf")),
            ])
            .when("includeOtherFields", [true]),
        field(ParameterType::String, "includeFields", label("Fields to include", "Champs à inclure"))
            .help("Names with commas between them.", "Des noms séparés par des virgules.")
            .example("name, user.email")
            .when("include", ["selected"]),
        field(ParameterType::String, "excludeFields", label("Fields to leave out", "Champs à exclure"))
            .help("Names with commas between them.", "Des noms séparés par des virgules.")
            .example("name, user.email")
            .when("include", ["except"]),
        field(ParameterType::Collection, "options", label("Options", "Options")).fields([
            field(ParameterType::Boolean, "dotNotation", label("Dots reach inside", "Les points descendent"))
                .help(
                    "“user.name” is then the field “name” inside of “user”, otherwise a name with a dot.",
                    "« user.name » est alors le champ « name » dans « user », sinon un nom avec un point.",
                )
                .literal()
                .or(true),
            field(
                ParameterType::Boolean,
                "ignoreConversionErrors",
                label("Keep what cannot be converted", "Garder ce qui ne peut être converti"),
            )
            .help(
                "A value that is not of its type stays as it is instead of failing the item.",
                "Une valeur d’un autre type reste telle quelle au lieu de faire échouer l’élément.",
            )
            .literal()
            .or(false),
            field(ParameterType::Boolean, "stripBinary", label("Drop files", "Retirer les fichiers"))
                .help(
                    "The files of the input items are not passed on.",
                    "Les fichiers des éléments reçus ne sont pas transmis.",
                )
                .literal()
                .or(false),
        ]),
    ]
}
