//! The form of the node.

use super::{DEFAULT_OUTPUTS, MOST_OUTPUTS};
use crate::condition::{ignore_case_field, loose_field};
use crate::descriptor::{choice, field};
use crate::{Parameter, ParameterType, label};

pub(super) fn form() -> Vec<Parameter> {
    vec![
        field(ParameterType::Options, "mode", label("Mode", "Mode"))
            .help("How the output of an item is found.", "Comment la sortie d’un élément est trouvée.")
            .or("rules")
            .choices([
                choice("rules", label("Rules", "Règles")).help(
                    "Conditions decide, one rule for each output.",
                    "Des conditions décident, une règle par sortie.",
                ),
                choice("expression", label("Expression", "Expression")).help(
                    "An expression gives the number of the output.",
                    "Une expression donne le numéro de la sortie.",
                ),
            ]),
        field(ParameterType::FixedCollection, "rules", label("Rules", "Règles"))
            .help(
                "From the first to the last; an item goes where the first rule holds.",
                "De la première à la dernière ; un élément va là où la première règle est remplie.",
            )
            .multiple()
            .when("mode", ["rules"])
            .fields([
                field(ParameterType::Conditions, "conditions", label("Conditions", "Conditions")),
                field(ParameterType::String, "outputKey", label("Name of the output", "Nom de la sortie"))
                    .help(
                        "Stands at the output on the canvas; empty, it is the number.",
                        "Figure à la sortie sur le canevas ; vide, c’est le numéro.",
                    )
                    .literal(),
                field(ParameterType::Number, "output", label("Number of the output", "Numéro de la sortie"))
                    .literal()
                    .between(0.0, (MOST_OUTPUTS - 1) as f64)
                    .help(
                        "From 0. Every rule has an output of its own unless a number stands here.",
                        "À partir de 0. Chaque règle a sa propre sortie, sauf si un numéro figure ici.",
                    ),
            ]),
        field(ParameterType::Number, "numberOutputs", label("Number of outputs", "Nombre de sorties"))
            .help("How many outputs the node has, at most 100.", "Combien de sorties a le nœud, 100 au plus.")
            .literal()
            .between(1.0, MOST_OUTPUTS as f64)
            .or(DEFAULT_OUTPUTS)
            .when("mode", ["expression"]),
        field(ParameterType::Number, "output", label("Number of the output", "Numéro de la sortie"))
            .required()
            .example("{{ $json.priority }}")
            .help("From 0.", "À partir de 0.")
            .when("mode", ["expression"]),
        loose_field().when("mode", ["rules"]),
        field(ParameterType::Collection, "options", label("Options", "Options")).when("mode", ["rules"]).fields([
            field(ParameterType::String, "fallbackOutput", label("Fallback output", "Sortie de repli"))
                .literal()
                .or("none")
                .example("extra")
                .help(
                    "Where items go that fulfil no rule: none, extra for an output of their own, or the number of an \
                     output.",
                    "Où vont les éléments qui ne remplissent aucune règle : none (nulle part), extra pour une sortie \
                     à eux, ou le numéro d’une sortie.",
                ),
            field(
                ParameterType::String,
                "renameFallbackOutput",
                label("Name of the extra output", "Nom de la sortie extra"),
            )
            .help("Stands at that output on the canvas.", "Figure à cette sortie sur le canevas.")
            .literal(),
            field(
                ParameterType::Boolean,
                "allMatchingOutputs",
                label("Send to all matching outputs", "Envoyer vers toutes les sorties qui conviennent"),
            )
            .help(
                "An item then goes to every output whose rule it fulfils, not to the first one only.",
                "Un élément va alors vers chaque sortie dont il remplit la règle, pas seulement la première.",
            )
            .literal()
            .or(false),
            ignore_case_field(),
        ]),
    ]
}
