//! The form of the node.

use crate::descriptor::{choice, field};
use crate::matching::{dot_notation_form, fuzzy_compare_form, match_fields_form, require_fields_form};
use crate::{Parameter, ParameterType, label};

pub(super) fn form() -> Vec<Parameter> {
    vec![
        match_fields_form([label("Field of A", "Champ de A"), label("Field of B", "Champ de B")]).required(),
        field(ParameterType::Options, "resolve", label("When items differ", "Si les éléments diffèrent"))
            .help(
                "What “Different” gives where two items belong together and are not the same.",
                "Ce que donne « Différents » quand deux éléments vont ensemble sans être identiques.",
            )
            .or("includeBoth")
            .choices([
                choice("includeBoth", label("Show both versions", "Montrer les deux versions")).help(
                    "An item with “keys”, “same” and “different”: both values of each field.",
                    "Un élément avec « keys », « same » et « different » : les deux valeurs de chaque champ.",
                ),
                choice("preferInput1", label("Take the item of A", "Prendre l’élément de A")),
                choice("preferInput2", label("Take the item of B", "Prendre l’élément de B")),
                choice("mix", label("Mix both", "Mélanger les deux")).help(
                    "Most fields of one, some of the other.",
                    "La plupart des champs de l’un, quelques-uns de l’autre.",
                ),
            ]),
        field(ParameterType::Options, "preferWhenMix", label("Take the fields of", "Prendre les champs de"))
            .help("The input that most fields come from.", "L’entrée d’où viennent la plupart des champs.")
            .or("input1")
            .choices([choice("input1", label("A", "A")), choice("input2", label("B", "B"))])
            .when("resolve", ["mix"]),
        field(ParameterType::String, "exceptWhenMix", label("But for the fields", "Sauf pour les champs"))
            .help(
                "These come from the other input; names with commas between them.",
                "Ceux-ci viennent de l’autre entrée ; des noms séparés par des virgules.",
            )
            .example("city, country")
            .when("resolve", ["mix"]),
        fuzzy_compare_form(),
        field(ParameterType::Collection, "options", label("Options", "Options")).fields([
            field(ParameterType::String, "skipFields", label("Fields not to compare", "Champs à ne pas comparer"))
                .help(
                    "Names with commas between them; what differs in them alone counts as the same.",
                    "Des noms séparés par des virgules ; une différence dans eux seuls ne compte pas.",
                )
                .example("updated_at, meta.views"),
            field(ParameterType::Options, "multipleMatches", label("Several matches", "Plusieurs correspondances"))
                .help(
                    "What is compared where an item has several partners.",
                    "Ce qui est comparé si un élément a plusieurs partenaires.",
                )
                .or("first")
                .choices([
                    choice("first", label("The first one only", "La première seulement")),
                    choice("all", label("All of them", "Toutes")),
                ]),
            dot_notation_form(),
            require_fields_form(),
            field(ParameterType::Options, "layout", label("Layout of differences", "Présentation des différences"))
                .help(
                    "Only for “Show both versions”; imported nodes keep the layout that they know.",
                    "Seulement pour « Montrer les deux versions » ; les nœuds importés gardent la \
                     présentation qu’ils connaissent.",
                )
                .or("current")
                .choices([
                    choice("current", label("Current", "Actuelle")),
                    choice("n8nVersion2", label("As n8n’s version 2", "Comme la version 2 de n8n")),
                    choice("n8nVersion1", label("As n8n’s version 1", "Comme la version 1 de n8n")),
                ]),
        ]),
    ]
}
