//! A problem for a person who opened an address in a browser: the same status, as a page that stands alone.

use actix_web::body::BoxBody;
use actix_web::http::Method;
use actix_web::http::header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, ResponseError};

use crate::hooks::called_host;
use crate::problem::Problem;
use crate::web_app::escape;

/// The page needs nothing from anywhere.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const STYLE: &str = ":root{color-scheme:light dark}body{margin:0;min-height:100vh;display:grid;place-items:center;\
    font:14px/20px system-ui,sans-serif}main{max-width:36rem;padding:24px}h1{font-size:20px;line-height:28px;margin:0 0 8px}\
    p{margin:0}";

/// What a page says.
struct Words {
    language: &'static str,
    title: &'static str,
    sentence: String,
}

/// Whether a page is asked for, not an answer for a program.
pub fn wants_page(request: &HttpRequest) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD) && accepts_page(request)
}

/// Whether whoever asks can read a page.
pub fn accepts_page(request: &HttpRequest) -> bool {
    let accepts = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepts.contains("text/html")
}

/// The problem as a page, in French or English, whichever the browser asks for first.
pub fn page(request: &HttpRequest, problem: &Problem) -> HttpResponse {
    let Words { language, title, sentence } = words(request, problem);
    let body = format!(
        "<!doctype html><html lang=\"{language}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style></head>\
         <body><main><h1>{title}</h1><p>{}</p></main></body></html>",
        escape(&sentence)
    );
    let mut response = problem.error_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response.set_body(BoxBody::new(body))
}

/// What problems are in French, by their codes: a title, and what the person can do.
const FRENCH: [(&str, &str, &str); 11] = [
    (
        "unknown_webhook",
        "Il n’y a rien à cette adresse",
        "Ce n’est peut-être pas encore publié, ou ne l’est plus. Vérifiez l’adresse, ou demandez-la à la personne qui vous l’a donnée.",
    ),
    (
        "not_listening",
        "Personne n’attend à cette adresse d’essai",
        "Cliquez sur « Attendre un appel de test » dans l’éditeur, puis rechargez la page.",
    ),
    ("unavailable", "De retour dans un instant", "Rien n’est perdu. Rechargez la page dans quelques secondes."),
    ("overloaded", "Trop de demandes à la fois", "Rien n’est perdu. Réessayez dans quelques secondes."),
    (
        "visitor_unknown",
        "Vous n’êtes pas connecté",
        "Qui ouvre cette page se connecte d’abord. Rechargez-la et donnez le nom et le mot de passe qui vont avec.",
    ),
    (
        "caller_unknown",
        "Vous n’êtes pas connecté",
        "Cette adresse demande de se connecter. Rechargez la page et donnez ce qui vous a été remis pour cela.",
    ),
    (
        "caller_refused",
        "Cette adresse ne vous est pas ouverte",
        "Elle ne répond qu’à certains : d’où vous venez, avec quoi vous l’ouvrez ou ce que vous avez donné pour vous connecter ne \
         convient pas. Demandez à la personne qui vous l’a donnée.",
    ),
    (
        "method_not_allowed",
        "Cette page ne s’ouvre pas ainsi",
        "L’adresse répond à d’autres appels que celui d’un navigateur. Vérifiez-la auprès de la personne qui vous l’a donnée.",
    ),
    (
        "request_timeout",
        "L’envoi a pris trop de temps",
        "Ce qui a été envoyé est arrivé trop lentement. Réessayez avec une meilleure connexion, ou avec des fichiers plus petits.",
    ),
    (
        "broken_body",
        "L’envoi n’est pas arrivé en entier",
        "La connexion s’est interrompue avant la fin. Revenez en arrière et envoyez de nouveau.",
    ),
    (
        "too_large",
        "C’est trop gros",
        "Ce qui a été envoyé dépasse ce qui est accepté ici. Choisissez des fichiers plus petits, ou moins de fichiers.",
    ),
];

fn words(request: &HttpRequest, problem: &Problem) -> Words {
    let host = called_host(request).chars().filter(|c| !c.is_control()).take(80).collect::<String>();
    let french = is_french(request);
    if french && let Some((_, title, sentence)) = FRENCH.iter().find(|(code, ..)| *code == problem.code()) {
        return Words { language: "fr", title, sentence: (*sentence).to_owned() };
    }
    match (problem.code(), french) {
        ("unknown_tenant", false) => Words {
            language: "en",
            title: "Nothing answers at this address",
            sentence: format!(
                "The address begins with a name: name.{host}. Check it, or ask the person who gave it to you."
            ),
        },
        ("unknown_tenant", true) => Words {
            language: "fr",
            title: "Rien ne répond à cette adresse",
            sentence: format!(
                "L’adresse commence par un nom : nom.{host}. Vérifiez-la, ou demandez-la à la personne qui vous l’a donnée."
            ),
        },
        ("unknown_webhook", false) => Words {
            language: "en",
            title: "There is nothing at this address",
            sentence:
                "It may not be published yet, or no longer. Check the address, or ask the person who gave it to you."
                    .to_owned(),
        },
        ("unavailable", false) => Words {
            language: "en",
            title: "Back in a moment",
            sentence: "Nothing is lost. Reload the page in a few seconds.".to_owned(),
        },
        _ => Words { language: "en", title: problem.title(), sentence: problem.detail().to_owned() },
    }
}

/// Whether French is asked for before English.
pub fn is_french(request: &HttpRequest) -> bool {
    let languages = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let first =
        languages.split(',').map(str::trim).find(|language| language.starts_with("fr") || language.starts_with("en"));
    first.is_some_and(|language| language.starts_with("fr"))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn browser(language: &str) -> TestRequest {
        TestRequest::default()
            .insert_header((ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8"))
            .insert_header((ACCEPT_LANGUAGE, language))
            .insert_header(("host", "<b>.localhost:8080"))
    }

    async fn text(language: &str, problem: &Problem) -> (u16, String) {
        let response = page(&browser(language).to_http_request(), problem);
        let status = response.status().as_u16();
        let bytes = actix_web::body::to_bytes(response.into_body()).await.unwrap();
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[actix_web::test]
    async fn a_person_reads_a_page_with_the_same_status() {
        let unknown = Problem::not_found("unknown_tenant", "Nobody answers.");
        let (status, english) = text("de,en;q=0.7,fr;q=0.3", &unknown).await;
        assert_eq!(status, 404);
        assert!(english.contains("Nothing answers at this address"), "{english}");
        assert!(english.contains("name.&lt;b&gt;.localhost:8080"), "{english}");
        let (_, french) = text("fr-CA,fr;q=0.9,en;q=0.8", &unknown).await;
        assert!(french.contains("lang=\"fr\"") && french.contains("Rien ne répond"), "{french}");
        let unpublished = Problem::not_found("unknown_webhook", "No published workflow listens at \"\".");
        let (status, french) = text("fr", &unpublished).await;
        assert!(status == 404 && french.contains("pas encore publié"), "{french}");
        for (code, title) in [("caller_refused", "ne vous est pas ouverte"), ("caller_unknown", "pas connecté")] {
            let (status, french) = text("fr", &Problem::forbidden(code, "Not you.")).await;
            assert!(status == 403 && french.contains(title) && !french.contains("Not you."), "{french}");
        }
        let away = page(&browser("en").to_http_request(), &Problem::unavailable("The database is away."));
        assert_eq!((away.status().as_u16(), away.headers().get("retry-after").unwrap().to_str().unwrap()), (503, "2"));
    }

    #[test]
    fn a_program_is_told_in_its_own_language() {
        assert!(wants_page(&browser("en").to_http_request()));
        assert!(!wants_page(&TestRequest::default().insert_header((ACCEPT, "application/json")).to_http_request()));
        assert!(!wants_page(&browser("en").method(Method::POST).to_http_request()));
    }
}
