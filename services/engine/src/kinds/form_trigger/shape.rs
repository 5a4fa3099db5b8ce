//! The form that a form is described in.

use weft_nodes::{Parameter, ParameterType, choice, field, label};

use crate::kinds::webhook::access_form;

pub(super) fn form() -> Vec<Parameter> {
    let mut form: Vec<Parameter> = asked().into_iter().map(Parameter::literal).collect();
    form[0] = form[0].clone().required();
    let button = form.split_off(3);
    form.extend([
        field(ParameterType::Options, "authentication", label("Visitors", "Visiteurs")).literal().or("none").choices([
            choice("none", label("Everybody who knows the address", "Quiconque connaît l’adresse")),
            choice(
                "credential",
                label("Who knows a user name and a password", "Qui connaît un nom et un mot de passe"),
            ),
        ]),
        field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
            .credentials(["basic"])
            .required()
            .when("authentication", ["credential"]),
        field(ParameterType::String, "path", label("Path", "Chemin")).literal().or(""),
        field(ParameterType::Options, "responseMode", label("Answer", "Répondre")).literal().or("onReceived").choices(
            [
                choice("onReceived", label("At once", "Aussitôt")),
                choice("lastNode", label("When the workflow has ended", "Quand le workflow est terminé")),
            ],
        ),
    ]);
    form.into_iter().chain(answer_form()).chain(button).chain(access_form()).collect()
}

/// A page of which every text may be an expression.
pub(crate) fn page_form() -> Vec<Parameter> {
    const CHOSEN: [&str; 6] =
        ["fieldType", "multiselect", "minSelections", "maxSelections", "multipleFiles", "requiredField"];
    let open = |mut parameter: Parameter| {
        parameter.accepts_expression = !CHOSEN.contains(&parameter.name);
        parameter
    };
    let page = asked().into_iter().map(|mut parameter| {
        parameter.fields = parameter.fields.into_iter().map(open).collect();
        parameter
    });
    page.collect()
}

/// What a page asks.
fn asked() -> [Parameter; 4] {
    [
        field(ParameterType::String, "formTitle", label("Title", "Titre")).or(""),
        field(ParameterType::String, "formDescription", label("Description", "Description")).or("").rows(3),
        field(ParameterType::FixedCollection, "formFields", label("Fields", "Champs")).multiple().fields(one_field()),
        field(ParameterType::String, "buttonLabel", label("Button", "Bouton")).or(""),
    ]
}

/// What a page says when it was filled in.
pub(crate) fn answer_form() -> [Parameter; 3] {
    [
        field(ParameterType::Options, "respondWith", label("With", "Avec")).literal().or("text").choices([
            choice("text", label("A text", "Un texte")),
            choice("redirect", label("Another page", "Une autre page")),
        ]),
        field(ParameterType::String, "formSubmittedText", label("Text", "Texte"))
            .literal()
            .or("")
            .rows(2)
            .when("respondWith", ["text"])
            .help("Empty: a sentence of thanks.", "Vide : une phrase de remerciement."),
        field(ParameterType::String, "redirectUrl", label("Address", "Adresse"))
            .literal()
            .or("")
            .when("respondWith", ["redirect"])
            .example("https://example.com/thanks"),
    ]
}

fn one_field() -> Vec<Parameter> {
    let chooses = || ["dropdown", "radio", "checkbox"];
    let is_typed = || ["text", "textarea", "number", "email", "password"];
    vec![
        field(ParameterType::String, "fieldLabel", label("Label", "Libellé")).literal().or(""),
        field(ParameterType::Options, "fieldType", label("Type", "Type")).literal().or("text").choices([
            choice("text", label("Text", "Texte")),
            choice("textarea", label("Several lines", "Plusieurs lignes")),
            choice("number", label("Number", "Nombre")),
            choice("email", label("E-mail address", "Adresse e-mail")),
            choice("password", label("Password", "Mot de passe")),
            choice("date", label("Date", "Date")),
            choice("file", label("File", "Fichier")),
            choice("dropdown", label("List", "Liste")),
            choice("radio", label("One of a few", "Un parmi quelques-uns")),
            choice("checkbox", label("Any of a few", "Cases à cocher")),
            choice("hiddenField", label("Hidden", "Masqué")),
            choice("html", label("Text of your own (HTML)", "Texte libre (HTML)")),
        ]),
        field(ParameterType::String, "fieldName", label("Name in the item", "Nom dans l’élément"))
            .literal()
            .or("")
            .help("Empty: the label.", "Vide : le libellé."),
        field(ParameterType::String, "options", label("Choices", "Choix"))
            .literal()
            .or("")
            .rows(4)
            .when("fieldType", chooses())
            .help("One a line.", "Un par ligne."),
        field(ParameterType::Boolean, "multiselect", label("Several", "Plusieurs"))
            .literal()
            .or(false)
            .when("fieldType", ["dropdown"]),
        field(ParameterType::String, "acceptFileTypes", label("Files taken", "Fichiers acceptés"))
            .literal()
            .or("")
            .when("fieldType", ["file"])
            .example(".pdf, .docx, image/*")
            .help("Empty: all of them.", "Vide : tous."),
        field(ParameterType::Boolean, "multipleFiles", label("Several files", "Plusieurs fichiers"))
            .literal()
            .or(false)
            .when("fieldType", ["file"]),
        selections("minSelections", "At least", "Au moins"),
        selections("maxSelections", "At most", "Au plus"),
        field(ParameterType::String, "placeholder", label("Example inside", "Exemple dans le champ"))
            .literal()
            .or("")
            .when("fieldType", is_typed()),
        field(ParameterType::String, "defaultValue", label("Filled in with", "Rempli avec"))
            .literal()
            .or("")
            .when(
                "fieldType",
                ["text", "textarea", "number", "email", "date", "dropdown", "radio", "checkbox", "hiddenField"],
            )
            .help("Of several choices, one a line.", "De plusieurs choix, un par ligne."),
        field(ParameterType::String, "html", label("HTML", "HTML"))
            .literal()
            .or("")
            .rows(6)
            .when("fieldType", ["html"]),
        field(ParameterType::Boolean, "requiredField", label("Required", "Obligatoire")).literal().or(false).when(
            "fieldType",
            ["text", "textarea", "number", "email", "password", "date", "file", "dropdown", "radio", "checkbox"],
        ),
    ]
}

fn selections(name: &'static str, en: &'static str, fr: &'static str) -> Parameter {
    field(ParameterType::Number, name, label(en, fr)).literal().between(0.0, 200.0).when("fieldType", ["checkbox"])
}
