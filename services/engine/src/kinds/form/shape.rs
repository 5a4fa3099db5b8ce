//! The form that a page is described in.

use weft_nodes::{Parameter, ParameterType, choice, field, label};

use crate::kinds::{form_trigger, wait};

pub(super) fn form() -> Vec<Parameter> {
    let mut form =
        vec![field(ParameterType::Options, "operation", label("Operation", "Opération")).or("page").choices([
            choice("page", label("Next page", "Page suivante")).help(
                "The execution waits until the page is filled in.",
                "L’exécution attend que la page soit remplie.",
            ),
            choice("completion", label("End of the form", "Fin du formulaire")).help(
                "What is shown last; nothing is waited for.",
                "Ce qui est montré en dernier ; rien n’est attendu.",
            ),
        ])];
    form.extend(page().into_iter().map(|parameter| parameter.when("operation", ["page"])));
    form.extend(wait::limit("operation", &["page"]));
    form.extend(completion().into_iter().map(|parameter| parameter.when("operation", ["completion"])));
    form
}

fn page() -> Vec<Parameter> {
    let mut page = form_trigger::page_form();
    let fields = page.iter().position(|parameter| parameter.name == "formFields").unwrap_or(page.len());
    page.insert(
        fields,
        field(ParameterType::Options, "defineForm", label("Fields from", "Champs tirés de"))
            .help("Where the fields of the page are described.", "Où les champs de la page sont décrits.")
            .or("fields")
            .choices([choice("fields", label("A list here", "Une liste ici")), choice("json", label("JSON", "JSON"))]),
    );
    let json = field(ParameterType::Json, "jsonOutput", label("Fields (JSON)", "Champs (JSON)"))
        .required()
        .when("defineForm", ["json"])
        .example("[{ \"fieldLabel\": \"Name\", \"requiredField\": true }]")
        .help(
            "A list of objects: fieldLabel, fieldType, requiredField, placeholder, fieldOptions: { values: [{ option }] }.",
            "Une liste d’objets : fieldLabel, fieldType, requiredField, placeholder, fieldOptions: { values: [{ option }] }.",
        );
    let of_fields = |parameter: Parameter| match parameter.name {
        "formFields" => parameter.when("defineForm", ["fields"]),
        _ => parameter,
    };
    page.into_iter().map(of_fields).chain([json]).collect()
}

fn completion() -> [Parameter; 5] {
    let text = |name, what| field(ParameterType::String, name, what);
    [
        field(ParameterType::Options, "respondWith", label("Show", "Montrer"))
            .help("What visitors see at the end.", "Ce que voient les visiteurs à la fin.")
            .or("text")
            .choices([
                choice("text", label("A title and a text", "Un titre et un texte")),
                choice("redirect", label("Another page", "Une autre page")),
                choice("showText", label("HTML of your own", "Votre propre HTML")),
            ]),
        text("completionTitle", label("Title", "Titre"))
            .when("respondWith", ["text"])
            .help("Empty: the title of the form.", "Vide : le titre du formulaire."),
        text("completionMessage", label("Text", "Texte"))
            .rows(3)
            .when("respondWith", ["text"])
            .help("Empty: a sentence of thanks.", "Vide : une phrase de remerciement."),
        text("redirectUrl", label("Address", "Adresse"))
            .help(
                "The page that visitors are led to; begins with https:// or http://.",
                "La page où les visiteurs sont conduits ; commence par https:// ou http://.",
            )
            .required()
            .when("respondWith", ["redirect"])
            .example("https://example.com/thanks"),
        text("responseText", label("HTML", "HTML"))
            .rows(6)
            .when("respondWith", ["showText"])
            .help("Scripts and styles are left out.", "Les scripts et les styles sont omis."),
    ]
}
