//! The options of the form: how answers are taken, how fast requests follow each other, and pages.

use weft_nodes::{Parameter, ParameterType, choice, field, label};

use super::pace::LONGEST;

pub(super) fn options() -> Parameter {
    let switch = |name, text| field(ParameterType::Boolean, name, text).literal().or(false);
    field(ParameterType::Collection, "options", label("Options", "Options")).fields([
        field(ParameterType::Number, "timeout", label("Timeout (ms)", "Délai (ms)"))
            .help(
                "How long all of it may take, redirects included; five minutes unless you say otherwise.",
                "Combien de temps le tout peut durer, redirections comprises ; cinq minutes sauf indication contraire.",
            )
            .literal()
            .between(1.0, 300_000.0),
        field(ParameterType::Number, "maxRedirects", label("Redirects to follow", "Redirections à suivre"))
            .help(
                "0 takes the first answer as it is; 21 unless you say otherwise.",
                "0 prend la première réponse telle quelle ; 21 sauf indication contraire.",
            )
            .literal()
            .between(0.0, 50.0),
        switch(
            "failOnRedirect",
            label("A redirect that is not followed is an error", "Une redirection non suivie est une erreur"),
        ),
        field(ParameterType::Options, "queryParameterArrays", label("Lists in the query", "Listes dans l’URL"))
            .literal()
            .choices([
                choice("repeat", label("a=1&a=2", "a=1&a=2")),
                choice("brackets", label("a[]=1&a[]=2", "a[]=1&a[]=2")),
                choice("indices", label("a[0]=1&a[1]=2", "a[0]=1&a[1]=2")),
            ])
            .help(
                "Also writes objects, as a[b]=1; unless you choose, a list in JSON gives its name several times.",
                "Écrit aussi les objets, comme a[b]=1 ; sans choix, une liste en JSON répète son nom.",
            ),
        field(ParameterType::Boolean, "splitIntoItems", label("An item for each entry", "Un élément par entrée"))
            .literal()
            .or(true)
            .help(
                "Otherwise a list is one item, whose data is the list.",
                "Sinon, une liste est un seul élément, dont les données sont la liste.",
            ),
        field(ParameterType::Options, "responseFormat", label("Take the answer as", "Prendre la réponse comme"))
            .help("Whether the answer becomes data or a file.", "Si la réponse devient des données ou un fichier.")
            .or("autodetect")
            .choices([
                choice("autodetect", label("What it says it is", "Ce qu’elle dit être")).help(
                    "By its content-type: JSON, a file where it is no text, or text.",
                    "D’après son content-type : JSON, fichier si ce n’est pas du texte, ou texte.",
                ),
                choice("json", label("JSON", "JSON")),
                choice("text", label("Text", "Texte")),
                choice("file", label("File", "Fichier")),
            ]),
        field(
            ParameterType::String,
            "outputPropertyName",
            label("Put a file or a text into", "Mettre un fichier ou un texte dans"),
        )
        .help(
            "The name that a file or a text gets in the item; “data” while it is empty.",
            "Le nom qu’un fichier ou un texte reçoit dans l’élément ; « data » tant que c’est vide.",
        )
        .example("data"),
        switch("fullResponse", label("Include status and headers", "Inclure statut et en-têtes")).help(
            "The item has body, headers, statusCode and statusMessage instead of the body alone.",
            "L’élément a body, headers, statusCode et statusMessage au lieu du corps seul.",
        ),
        switch("neverError", label("Take every status", "Accepter tous les statuts")).help(
            "Without it, a status of 400 or more fails the item.",
            "Sinon, un statut de 400 ou plus fait échouer l’élément.",
        ),
        switch("idempotencyKey", label("Send an idempotency key", "Envoyer une clé d’idempotence")).help(
            "The receiver must know the header Idempotency-Key; then a repetition does nothing.",
            "Le destinataire doit connaître l’en-tête Idempotency-Key ; une répétition ne fait alors rien.",
        ),
        batching(),
        pagination(),
    ])
}

fn batching() -> Parameter {
    field(ParameterType::FixedCollection, "batching", label("Pauses between items", "Pauses entre les éléments"))
        .help(
            "For servers that take only so many requests in a time.",
            "Pour les serveurs qui n’acceptent qu’un certain nombre de requêtes par période.",
        )
        .fields([
            field(ParameterType::Number, "batchSize", label("Items at a time", "Éléments à la fois"))
                .literal()
                .or(50)
                .between(-1.0, 1_000_000.0)
                .help("-1 is without pauses.", "-1 : sans pauses."),
            field(ParameterType::Number, "batchInterval", label("Pause (ms)", "Pause (ms)"))
                .help(
                    "How long the node rests after so many items; 1000 is a second.",
                    "Combien de temps le nœud se repose après autant d’éléments ; 1000 fait une seconde.",
                )
                .or(1000)
                .between(0.0, LONGEST),
        ])
}

fn pagination() -> Parameter {
    let paged = || ["updateAParameterInEachRequest", "responseContainsNextURL"];
    field(ParameterType::FixedCollection, "pagination", label("Pages", "Pages"))
        .help(
            "Asks again until all pages of an answer have come.",
            "Redemande jusqu’à ce que toutes les pages d’une réponse soient venues.",
        )
        .fields([
            field(ParameterType::Options, "paginationMode", label("The next page", "La page suivante"))
                .or("off")
                .choices([
                    choice("off", label("There is one page", "Il n’y a qu’une page")),
                    choice(
                        "updateAParameterInEachRequest",
                        label("Other parameters each time", "D’autres paramètres à chaque fois"),
                    ),
                    choice("responseContainsNextURL", label("The answer names its URL", "La réponse donne son URL")),
                ])
                .help(
                    "Here, $response (body, headers, statusCode) is the last answer, $request the first \
                     request and $pageCount how many pages there are so far.",
                    "Ici, $response (body, headers, statusCode) est la dernière réponse, $request la première \
                     requête et $pageCount le nombre de pages déjà reçues.",
                ),
            field(ParameterType::String, "nextURL", label("Next URL", "URL suivante"))
                .help(
                    "Taken from the last answer; where it is empty, there are no more pages.",
                    "Tirée de la dernière réponse ; si elle est vide, il n’y a plus de pages.",
                )
                .example("={{ $response.body.next }}")
                .when("paginationMode", ["responseContainsNextURL"]),
            field(ParameterType::FixedCollection, "parameters", label("Parameters", "Paramètres"))
                .help(
                    "What each request sets anew, such as the number of the page.",
                    "Ce que chaque requête remplace, comme le numéro de la page.",
                )
                .when("paginationMode", ["updateAParameterInEachRequest"])
                .fields([page_parameters()]),
            field(ParameterType::Options, "paginationCompleteWhen", label("Complete when", "Complet quand"))
                .help("How the last page is known.", "À quoi se reconnaît la dernière page.")
                .or("responseIsEmpty")
                .choices([
                    choice("responseIsEmpty", label("The answer is empty", "La réponse est vide")).help(
                        "Its body is an empty list, object or text.",
                        "Son corps est une liste, un objet ou un texte vide.",
                    ),
                    choice("receiveSpecificStatusCodes", label("It has a certain status", "Elle a un certain statut")),
                    choice("other", label("An expression says so", "Une expression le dit")),
                ])
                .when("paginationMode", paged()),
            field(ParameterType::String, "statusCodesWhenComplete", label("Statuses", "Statuts"))
                .help(
                    "Several have commas between them; such a status is no failure.",
                    "Plusieurs sont séparés par des virgules ; un tel statut n’est pas un échec.",
                )
                .example("404, 204")
                .when("paginationCompleteWhen", ["receiveSpecificStatusCodes"]),
            field(ParameterType::String, "completeExpression", label("Expression", "Expression"))
                .help(
                    "Asked after each page: when it is true, that was the last one.",
                    "Demandée après chaque page : si elle est vraie, c’était la dernière.",
                )
                .example("={{ !$response.body.next }}")
                .when("paginationCompleteWhen", ["other"]),
            field(ParameterType::Boolean, "limitPagesFetched", label("Limit the pages", "Limiter les pages"))
                .help(
                    "Otherwise all pages are fetched, up to 10000.",
                    "Sinon toutes les pages sont demandées, jusqu’à 10000.",
                )
                .literal()
                .or(false)
                .when("paginationMode", paged()),
            field(ParameterType::Number, "maxRequests", label("Pages at most", "Pages au plus"))
                .help("The pages behind are not asked for.", "Les pages suivantes ne sont pas demandées.")
                .or(100)
                .at_least(1.0)
                .when("limitPagesFetched", [true]),
            field(
                ParameterType::Number,
                "requestInterval",
                label("Pause between pages (ms)", "Pause entre les pages (ms)"),
            )
            .help(
                "How long the node rests between two pages; 1000 is a second.",
                "Combien de temps le nœud se repose entre deux pages ; 1000 fait une seconde.",
            )
            .or(0)
            .between(0.0, LONGEST)
            .when("paginationMode", paged()),
        ])
}

fn page_parameters() -> Parameter {
    field(ParameterType::FixedCollection, "parameters", label("Parameters", "Paramètres")).multiple().fields([
        field(ParameterType::Options, "type", label("In", "Dans"))
            .help("Where the parameter stands in the request.", "Où le paramètre figure dans la requête.")
            .literal()
            .or("qs")
            .choices([
                choice("qs", label("The query", "Les paramètres de l’URL")),
                choice("headers", label("The headers", "Les en-têtes")),
                choice("body", label("The body", "Le corps")),
            ]),
        field(ParameterType::String, "name", label("Name", "Nom")).example("page"),
        field(ParameterType::String, "value", label("Value", "Valeur"))
            .help(
                "An expression, asked for each page: $pageCount is 0 for the first one.",
                "Une expression, évaluée à chaque page : $pageCount vaut 0 pour la première.",
            )
            .example("={{ $pageCount + 1 }}"),
    ])
}
