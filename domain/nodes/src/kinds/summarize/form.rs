//! The form of the node.

use crate::descriptor::{choice, dots_option, field};
use crate::{Parameter, ParameterType, label};

pub(super) fn form() -> Vec<Parameter> {
    let switch = |name, text| field(ParameterType::Boolean, name, text).literal().or(false);
    vec![
        field(ParameterType::FixedCollection, "fieldsToSummarize", label("Fields to summarize", "Champs à résumer"))
            .help("What is worked out, one entry for each result.", "Ce qui est calculé, une entrée par résultat.")
            .literal()
            .required()
            .fields([field(ParameterType::FixedCollection, "values", label("Field", "Champ"))
                .multiple()
                .fields(aggregation_form())]),
        field(ParameterType::String, "fieldsToSplitBy", label("Fields to group by", "Champs de regroupement"))
            .help("One result for each value of these fields.", "Un résultat par valeur de ces champs.")
            .example("country, user.city"),
        field(ParameterType::Collection, "options", label("Options", "Options")).fields([
            dots_option(),
            field(ParameterType::Options, "outputFormat", label("Output", "Sortie"))
                .help(
                    "One item holds the groups as fields inside of each other.",
                    "Un seul élément contient les groupes comme des champs imbriqués.",
                )
                .or("separateItems")
                .choices([
                    choice("separateItems", label("An item for each group", "Un élément par groupe")),
                    choice("singleItem", label("One item with all groups", "Un élément avec tous les groupes")),
                ]),
            switch(
                "skipEmptySplitFields",
                label("Leave out items without a group", "Ignorer les éléments sans groupe"),
            )
            .help(
                "Items whose fields to group by are empty take no part.",
                "Les éléments dont les champs de regroupement sont vides ne comptent pas.",
            ),
            switch("splitValuesAsText", label("Group by the text of values", "Regrouper par le texte des valeurs"))
                .help(
                    "1 and the text “1” are then the same group.",
                    "1 et le texte « 1 » forment alors le même groupe.",
                ),
            switch("failIfFieldNotFound", label("Fail without the field", "Échouer sans le champ")).help(
                "Fails where no item at all has a field that is named.",
                "Échoue si aucun élément n’a un champ nommé.",
            ),
        ]),
    ]
}

fn aggregation_form() -> Vec<Parameter> {
    vec![
        field(ParameterType::Options, "aggregation", label("Do", "Opération"))
            .help("What becomes of the values of the field.", "Ce que deviennent les valeurs du champ.")
            .or("count")
            .choices([
                choice("append", label("List", "Liste"))
                    .help("All values, as a list.", "Toutes les valeurs, en liste."),
                choice("average", label("Average", "Moyenne")),
                choice("concatenate", label("Join as text", "Joindre en texte")),
                choice("count", label("Count", "Nombre")),
                choice("countUnique", label("Count different values", "Nombre de valeurs différentes")).help(
                    "How many values there are when each is counted once.",
                    "Combien il y a de valeurs si chacune n’est comptée qu’une fois.",
                ),
                choice("max", label("Largest", "Maximum")),
                choice("min", label("Smallest", "Minimum")),
                choice("sum", label("Sum", "Somme")),
            ]),
        field(ParameterType::String, "field", label("Field", "Champ"))
            .help("Its name; a dot reaches inside.", "Son nom ; un point descend dans l’objet.")
            .required()
            .example("order.total"),
        field(ParameterType::Boolean, "includeEmpty", label("Include empty values", "Inclure les valeurs vides"))
            .help(
                "Missing values, null and empty texts count, too.",
                "Les valeurs absentes, null et les textes vides comptent aussi.",
            )
            .literal()
            .or(false)
            .when("aggregation", ["append", "concatenate", "count", "countUnique"]),
        field(ParameterType::Options, "separateBy", label("Separator", "Séparateur"))
            .help("What stands between the joined values.", "Ce qui sépare les valeurs jointes.")
            .or(",")
            .choices([
                choice(",", label("Comma", "Virgule")),
                choice(", ", label("Comma and space", "Virgule et espace")),
                choice("\n", label("New line", "Nouvelle ligne")),
                choice("", label("None", "Aucun")),
                choice(" ", label("Space", "Espace")),
                choice("other", label("Other", "Autre")),
            ])
            .when("aggregation", ["concatenate"]),
        field(ParameterType::String, "customSeparator", label("Other separator", "Autre séparateur"))
            .help("Any text.", "N’importe quel texte.")
            .when("separateBy", ["other"]),
    ]
}
