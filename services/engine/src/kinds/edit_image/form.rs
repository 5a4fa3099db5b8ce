//! The form of the node.

use weft_nodes::{Parameter, ParameterOption, ParameterType, choice, field, label};

/// The form: one operation, or several one after the other.
pub(super) fn form() -> Vec<Parameter> {
    let mut operations = operations();
    operations.push(
        choice("information", label("Tell its size and format", "Dire sa taille et son format"))
            .help("The picture stays as it is.", "L’image reste telle quelle."),
    );
    operations.push(choice("multiStep", label("Several operations", "Plusieurs opérations")).help(
        "The picture is read and written once, whatever is done in between.",
        "L’image est lue et écrite une seule fois, quoi qu’il se passe entre-temps.",
    ));
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
        .help(
            "The picture’s name in the item, “data” for instance.",
            "Le nom de l’image dans l’élément, « data » par exemple.",
        )
        .or("data")
        .required(),
        field(ParameterType::FixedCollection, "operations", label("Operations", "Opérations"))
            .help(
                "Done one after the other, each with what the one before made.",
                "Faites l’une après l’autre, chacune avec ce que la précédente a produit.",
            )
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
        choice("composite", label("Put another picture on top", "Poser une autre image dessus"))
            .help("A logo or a watermark, for instance.", "Un logo ou un filigrane, par exemple."),
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
        number("width", label("Width", "Largeur"), 500.0, &["resize", "crop", "create"]).help(
            "In pixels, or in percent where that is chosen below.",
            "En pixels, ou en pourcent si c’est choisi ci-dessous.",
        ),
        number("height", label("Height", "Hauteur"), 500.0, &["resize", "crop", "create"]).help(
            "In pixels, or in percent where that is chosen below.",
            "En pixels, ou en pourcent si c’est choisi ci-dessous.",
        ),
        resize_option(),
        number("positionX", label("From the left", "Depuis la gauche"), 0.0, &["crop", "composite"]).help(
            "Pixels between the left edge and the part, or the other picture.",
            "Pixels entre le bord gauche et la partie, ou l’autre image.",
        ),
        number("positionY", label("From above", "Depuis le haut"), 0.0, &["crop", "composite"]).help(
            "Pixels between the upper edge and the part, or the other picture.",
            "Pixels entre le bord supérieur et la partie, ou l’autre image.",
        ),
        number("rotate", label("Degrees, clockwise", "Degrés, sens horaire"), 90.0, &["rotate"])
            .help("A negative number turns the other way.", "Un nombre négatif tourne dans l’autre sens."),
        colour("backgroundColor", "#ffffff", &["rotate", "create"]),
        number("borderWidth", label("At the sides", "Sur les côtés"), 10.0, &["border"])
            .help("Pixels on the left and on the right.", "Pixels à gauche et à droite."),
        number("borderHeight", label("Above and below", "En haut et en bas"), 10.0, &["border"])
            .help("Pixels above and below.", "Pixels en haut et en bas."),
        colour("borderColor", "#000000", &["border"]),
        number("sigma", label("How much, in pixels", "Intensité, en pixels"), 2.0, &["blur"]),
        field(
            ParameterType::String,
            "dataPropertyNameComposite",
            label("Name of the other file in the item", "Nom de l’autre fichier dans l’élément"),
        )
        .help(
            "A second picture of the same item, laid over the first.",
            "Une seconde image du même élément, posée sur la première.",
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
        number("cornerRadius", label("Round corners (rectangle)", "Coins arrondis (rectangle)"), 0.0, &["draw"])
            .help("Pixels; 0 for sharp corners.", "En pixels ; 0 pour des coins vifs."),
    ]
}

fn resize_option() -> Parameter {
    field(ParameterType::Options, "resizeOption", label("How", "Comment"))
        .help(
            "What decides where the shape of the picture is another than that of the sides.",
            "Ce qui décide si la forme de l’image n’est pas celle des côtés donnés.",
        )
        .literal()
        .or("onlyIfLarger")
        .choices([
            choice("onlyIfLarger", label("Fit in, only where it is larger", "Tenir dedans, seulement si plus grande")),
            choice("onlyIfSmaller", label("Enlarge, only where it is smaller", "Agrandir, seulement si plus petite")),
            choice("minimumArea", label("Cover, keeping its shape", "Couvrir, en gardant sa forme")).help(
                "Large enough that nothing of the sides stays empty.",
                "Assez grande pour que rien des côtés ne reste vide.",
            ),
            choice("maximumArea", label("As many pixels at most", "Autant de pixels au plus")).help(
                "Width times height is the most that the picture may have.",
                "Largeur fois hauteur est le maximum que l’image peut avoir.",
            ),
            choice("ignoreAspectRatio", label("Exactly, whatever its shape", "Exactement, quelle que soit sa forme")),
            choice("percent", label("Percent of its sides", "En pourcent de ses côtés")),
        ])
        .when("operation", ["resize"])
}

fn options() -> Parameter {
    let text = |name, names| field(ParameterType::String, name, names);
    field(ParameterType::Collection, "options", label("Options", "Options")).fields([
        field(ParameterType::Options, "format", label("Format", "Format"))
            .help(
                "The format of the file that is made; that of the picture where nothing is chosen.",
                "Le format du fichier produit ; celui de l’image si rien n’est choisi.",
            )
            .literal()
            .choices([
                choice("png", label("PNG", "PNG")),
                choice("jpeg", label("JPEG", "JPEG")),
                choice("webp", label("WebP", "WebP")),
                choice("gif", label("GIF", "GIF")),
                choice("bmp", label("BMP", "BMP")),
                choice("tiff", label("TIFF", "TIFF")),
            ]),
        field(ParameterType::Number, "quality", label("Quality (JPEG)", "Qualité (JPEG)"))
            .help("From 1 to 100; more is larger and finer.", "De 1 à 100 ; plus, c’est plus gros et plus fin.")
            .or(92)
            .between(1.0, 100.0),
        text("fileName", label("File name", "Nom du fichier")).example("photo.png"),
        text("destinationKey", label("Put the file into", "Mettre le fichier dans"))
            .help(
                "The name that the picture gets in the item; empty, it replaces the one that came in.",
                "Le nom que l’image reçoit dans l’élément ; vide, elle remplace celle qui est arrivée.",
            )
            .example("data"),
    ])
}
