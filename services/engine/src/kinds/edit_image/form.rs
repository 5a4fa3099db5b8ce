//! The form of the node.

use weft_nodes::{Parameter, ParameterOption, ParameterType, choice, field, label};

/// The form: one operation, or several one after the other.
pub(super) fn form() -> Vec<Parameter> {
    let mut operations = operations();
    operations.push(choice("information", label("Tell its size and format", "Dire sa taille et son format")));
    operations.push(choice("multiStep", label("Several operations", "Plusieurs opérations")));
    let mut form = vec![
        field(ParameterType::Options, "operation", label("Operation", "Opération"))
            .literal()
            .or("resize")
            .choices(operations),
        field(
            ParameterType::String,
            "dataPropertyName",
            label("Name of the file in the item", "Nom du fichier dans l’élément"),
        )
        .or("data")
        .required(),
        field(ParameterType::FixedCollection, "operations", label("Operations", "Opérations"))
            .when("operation", ["multiStep"])
            .fields([field(ParameterType::FixedCollection, "operations", label("Operations", "Opérations"))
                .multiple()
                .fields(one())]),
    ];
    form.extend(fields());
    form.push(options());
    form
}

/// An operation among several.
fn one() -> Vec<Parameter> {
    let mut one = vec![
        field(ParameterType::Options, "operation", label("Operation", "Opération"))
            .literal()
            .or("resize")
            .choices(operations()),
    ];
    one.extend(fields());
    one
}

fn operations() -> Vec<ParameterOption> {
    vec![
        choice("resize", label("Resize", "Redimensionner")),
        choice("crop", label("Crop", "Rogner")),
        choice("rotate", label("Rotate", "Tourner")),
        choice("border", label("Add a border", "Ajouter une bordure")),
        choice("blur", label("Blur", "Flouter")),
        choice("composite", label("Put another picture on top", "Poser une autre image dessus")),
        choice("draw", label("Draw a shape", "Dessiner une forme")),
        choice("transparent", label("Make a colour transparent", "Rendre une couleur transparente")),
        choice("create", label("Begin with a blank picture", "Commencer par une image vide")),
    ]
}

fn fields() -> Vec<Parameter> {
    let number = |name, text, or: f64, operations: &'static [&'static str]| {
        field(ParameterType::Number, name, text).or(or).when("operation", operations.iter().copied())
    };
    let colour = |name, or: &'static str, operations: &'static [&'static str]| {
        field(ParameterType::String, name, label("Colour", "Couleur"))
            .or(or)
            .help("#rrggbb, or #rrggbbaa with ff for opaque.", "#rrggbb, ou #rrggbbaa où ff est opaque.")
            .when("operation", operations.iter().copied())
    };
    vec![
        number("width", label("Width", "Largeur"), 500.0, &["resize", "crop", "create"]),
        number("height", label("Height", "Hauteur"), 500.0, &["resize", "crop", "create"]),
        resize_option(),
        number("positionX", label("From the left", "Depuis la gauche"), 0.0, &["crop", "composite"]),
        number("positionY", label("From above", "Depuis le haut"), 0.0, &["crop", "composite"]),
        number("rotate", label("Degrees, clockwise", "Degrés, sens horaire"), 90.0, &["rotate"]),
        colour("backgroundColor", "#ffffff", &["rotate", "create"]),
        number("borderWidth", label("At the sides", "Sur les côtés"), 10.0, &["border"]),
        number("borderHeight", label("Above and below", "En haut et en bas"), 10.0, &["border"]),
        colour("borderColor", "#000000", &["border"]),
        number("sigma", label("How much, in pixels", "Intensité, en pixels"), 2.0, &["blur"]),
        field(
            ParameterType::String,
            "dataPropertyNameComposite",
            label("Name of the other file in the item", "Nom de l’autre fichier dans l’élément"),
        )
        .required()
        .example("logo")
        .when("operation", ["composite"]),
        field(ParameterType::Options, "primitive", label("Shape", "Forme"))
            .literal()
            .or("rectangle")
            .choices([
                choice("rectangle", label("Rectangle", "Rectangle")),
                choice("circle", label("Circle", "Cercle")),
                choice("line", label("Line", "Ligne")),
            ])
            .when("operation", ["draw"]),
        colour("color", "#ff0000", &["draw", "transparent"]),
        number("startPositionX", label("Begins: from the left", "Début : depuis la gauche"), 50.0, &["draw"]),
        number("startPositionY", label("Begins: from above", "Début : depuis le haut"), 50.0, &["draw"]),
        number("endPositionX", label("Ends: from the left", "Fin : depuis la gauche"), 250.0, &["draw"]),
        number("endPositionY", label("Ends: from above", "Fin : depuis le haut"), 250.0, &["draw"]),
        number("cornerRadius", label("Round corners (rectangle)", "Coins arrondis (rectangle)"), 0.0, &["draw"]),
    ]
}

fn resize_option() -> Parameter {
    field(ParameterType::Options, "resizeOption", label("How", "Comment"))
        .literal()
        .or("onlyIfLarger")
        .choices([
            choice("onlyIfLarger", label("Fit in, only where it is larger", "Tenir dedans, seulement si plus grande")),
            choice("onlyIfSmaller", label("Enlarge, only where it is smaller", "Agrandir, seulement si plus petite")),
            choice("minimumArea", label("Cover, keeping its shape", "Couvrir, en gardant sa forme")),
            choice("maximumArea", label("As many pixels at most", "Autant de pixels au plus")),
            choice("ignoreAspectRatio", label("Exactly, whatever its shape", "Exactement, quelle que soit sa forme")),
            choice("percent", label("Percent of its sides", "En pourcent de ses côtés")),
        ])
        .when("operation", ["resize"])
}

fn options() -> Parameter {
    let text = |name, names| field(ParameterType::String, name, names);
    field(ParameterType::Collection, "options", label("Options", "Options")).fields([
        field(ParameterType::Options, "format", label("Format", "Format")).literal().choices([
            choice("png", label("PNG", "PNG")),
            choice("jpeg", label("JPEG", "JPEG")),
            choice("webp", label("WebP", "WebP")),
            choice("gif", label("GIF", "GIF")),
            choice("bmp", label("BMP", "BMP")),
            choice("tiff", label("TIFF", "TIFF")),
        ]),
        field(ParameterType::Number, "quality", label("Quality (JPEG)", "Qualité (JPEG)")).or(92).between(1.0, 100.0),
        text("fileName", label("File name", "Nom du fichier")).example("photo.png"),
        text("destinationKey", label("Put the file into", "Mettre le fichier dans")).example("data"),
    ])
}
