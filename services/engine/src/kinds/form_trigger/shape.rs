//! The form that a form is described in.

use weft_nodes::{Parameter, ParameterType, choice, field, label};

use crate::kinds::webhook::access_form;

pub(super) fn form() -> Vec<Parameter> {
    let mut form: Vec<Parameter> = asked().into_iter().map(Parameter::literal).collect();
    form[0] = form[0].clone().required();
    let button = form.split_off(3);
    form.extend([
        field(ParameterType::Options, "authentication", label("Visitors", "Visiteurs"))
            .help("Who may open the page and send it.", "Qui peut ouvrir la page et l’envoyer.")
            .literal()
            .or("none")
            .choices([
                choice("none", label("Everybody who knows the address", "Quiconque connaît l’adresse")),
                choice(
                    "credential",
                    label("Who knows a user name and a password", "Qui connaît un nom et un mot de passe"),
                ),
            ]),
        field(ParameterType::Credential, "credential", label("Credential", "Identifiant"))
            .help(
                "The user and the password that visitors are asked for.",
                "L’utilisateur et le mot de passe demandés aux visiteurs.",
            )
            .credentials(["basic"])
            .required()
            .when("authentication", ["credential"]),
        field(ParameterType::String, "path", label("Path", "Chemin"))
            .help(
                "What the address ends with; letters, digits, “-”, “_”, “.”, “~” and “/”.",
                "Ce par quoi l’adresse se termine ; lettres, chiffres, « - », « _ », « . », « ~ » et « / ».",
            )
            .literal()
            .or(""),
        field(ParameterType::Options, "responseMode", label("Answer", "Répondre"))
            .help(
                "When visitors see that what they sent was taken.",
                "Quand les visiteurs voient que leur envoi a été pris en compte.",
            )
            .literal()
            .or("onReceived")
            .choices([
                choice("onReceived", label("At once", "Aussitôt"))
                    .help("The page does not wait for the workflow.", "La page n’attend pas le workflow."),
                choice("lastNode", label("When the workflow has ended", "Quand le workflow est terminé")).help(
                    "The page then says, too, if the workflow failed.",
                    "La page dit alors aussi si le workflow a échoué.",
                ),
            ]),
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
        field(ParameterType::String, "formTitle", label("Title", "Titre"))
            .help("The heading of the page.", "Le titre en haut de la page.")
            .or(""),
        field(ParameterType::String, "formDescription", label("Description", "Description"))
            .help("Text below the title.", "Texte sous le titre.")
            .or("")
            .rows(3),
        field(ParameterType::FixedCollection, "formFields", label("Fields", "Champs"))
            .help(
                "What visitors fill in, in this order; at most 200.",
                "Ce que les visiteurs remplissent, dans cet ordre ; 200 champs au plus.",
            )
            .multiple()
            .fields(one_field()),
        field(ParameterType::String, "buttonLabel", label("Button", "Bouton"))
            .help(
                "What the button says that sends the page; empty for the usual word.",
                "Le texte du bouton qui envoie la page ; vide pour le mot habituel.",
            )
            .or(""),
    ]
}

/// What a page says when it was filled in.
pub(crate) fn answer_form() -> [Parameter; 3] {
    [
        field(ParameterType::Options, "respondWith", label("With", "Avec"))
            .help("What visitors see once the page is sent.", "Ce que voient les visiteurs une fois la page envoyée.")
            .literal()
            .or("text")
            .choices([
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
            .help(
                "The page that visitors are led to; begins with https:// or http://.",
                "La page où les visiteurs sont conduits ; commence par https:// ou http://.",
            )
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
        field(ParameterType::String, "fieldLabel", label("Label", "Libellé"))
            .help(
                "What stands above the field; it names the field in the item, too, unless a name is given.",
                "Ce qui figure au-dessus du champ ; il le nomme aussi dans l’élément, sauf si un nom est donné.",
            )
            .literal()
            .or(""),
        field_type(),
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
            .help(
                "More than one can be chosen; the value is then a list.",
                "On peut en choisir plusieurs ; la valeur est alors une liste.",
            )
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
            .help(
                "Visitors may send more than one file in this field.",
                "Les visiteurs peuvent envoyer plus d’un fichier dans ce champ.",
            )
            .literal()
            .or(false)
            .when("fieldType", ["file"]),
        selections("minSelections", "At least", "Au moins")
            .help("So many boxes must be ticked.", "Ce nombre de cases doit être coché."),
        selections("maxSelections", "At most", "Au plus")
            .help("No more boxes than this can be ticked.", "On ne peut cocher plus de cases que cela."),
        field(ParameterType::String, "placeholder", label("Example inside", "Exemple dans le champ"))
            .help("Shown inside of the field while it is empty.", "Affiché dans le champ tant qu’il est vide.")
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
            .help("Scripts and styles are left out.", "Les scripts et les styles sont omis.")
            .literal()
            .or("")
            .rows(6)
            .when("fieldType", ["html"]),
        field(ParameterType::Boolean, "requiredField", label("Required", "Obligatoire"))
            .help(
                "The page cannot be sent while the field is empty.",
                "La page ne peut pas être envoyée tant que le champ est vide.",
            )
            .literal()
            .or(false)
            .when(
                "fieldType",
                ["text", "textarea", "number", "email", "password", "date", "file", "dropdown", "radio", "checkbox"],
            ),
    ]
}

fn field_type() -> Parameter {
    field(ParameterType::Options, "fieldType", label("Type", "Type"))
        .help("What can be filled in, and how it is checked.", "Ce qui peut être rempli, et comment c’est vérifié.")
        .literal()
        .or("text")
        .choices([
            choice("text", label("Text", "Texte")),
            choice("textarea", label("Several lines", "Plusieurs lignes"))
                .help("A large field for longer text.", "Un grand champ pour un texte plus long."),
            choice("number", label("Number", "Nombre")),
            choice("email", label("E-mail address", "Adresse e-mail")),
            choice("password", label("Password", "Mot de passe")),
            choice("date", label("Date", "Date")),
            choice("file", label("File", "Fichier")),
            choice("dropdown", label("List", "Liste"))
                .help("A list to open and choose from.", "Une liste à dérouler pour choisir."),
            choice("radio", label("One of a few", "Un parmi quelques-uns")),
            choice("checkbox", label("Any of a few", "Cases à cocher")),
            choice("hiddenField", label("Hidden", "Masqué")).help(
                "Nobody sees it: its value comes from the address of the page, or from “Filled in with”.",
                "Personne ne le voit : sa valeur vient de l’adresse de la page, ou de « Rempli avec ».",
            ),
            choice("html", label("Text of your own (HTML)", "Texte libre (HTML)")).help(
                "Shown between the fields; nothing is filled in.",
                "Affiché entre les champs ; rien n’y est rempli.",
            ),
        ])
}

fn selections(name: &'static str, en: &'static str, fr: &'static str) -> Parameter {
    field(ParameterType::Number, name, label(en, fr)).literal().between(0.0, 200.0).when("fieldType", ["checkbox"])
}
