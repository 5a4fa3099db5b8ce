//! The page of a form, in the tenant's brand and the reader's language. It has no scripts, and everything in it is escaped or, where
//! its author writes HTML, cleaned.

use std::fmt::Write as _;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use weft_engine::{Completion, Entries, FieldKind, Form, FormFault, FormField, Submitted, field_name};
use weft_model::tenant::Branding;
use weft_tenants::fresh_token;

use super::sheet::Sheet;
use crate::web_app::escape;

/// The name of the token that makes a form that is sent twice count once.
pub(super) const TOKEN: &str = "token";

/// A form as somebody sees it.
pub(super) struct FormPage<'a> {
    pub(super) form: &'a Form,
    pub(super) brand: &'a Branding,
    pub(super) french: bool,
    /// The most bytes of all files together.
    pub(super) upload_limit: usize,
}

impl FormPage<'_> {
    /// What it stands on.
    pub(super) fn sheet(&self) -> Sheet<'_> {
        Sheet { title: &self.form.form_title, brand: self.brand, french: self.french }
    }

    /// The form, filled in as far as it is.
    pub(super) fn asking(&self, entries: &Entries, token: &str) -> HttpResponse {
        self.sheet().page(StatusCode::OK, &self.body(entries, &[], token), "")
    }

    /// The form with what is wrong beside its fields. It keeps its token: what is sent again is the same form.
    pub(super) fn refusing(&self, entries: &Entries, faults: &[(usize, FormFault)]) -> HttpResponse {
        let token = entries.text(TOKEN).map_or_else(fresh_token, str::to_owned);
        self.sheet().page(StatusCode::UNPROCESSABLE_ENTITY, &self.body(entries, faults, &token), "")
    }

    /// What follows when it was filled in: thanks, or another page. A redirection would be one of the form's own, which the page's
    /// policy forbids to other hosts.
    pub(super) fn done(&self) -> HttpResponse {
        let said = match self.form.submitted() {
            Submitted::Redirect(address) => return self.sheet().leading((0, address), ""),
            Submitted::Page => self.form.submitted_text.trim(),
        };
        self.sheet().note(StatusCode::OK, if said.is_empty() { self.thanks() } else { said })
    }

    fn thanks(&self) -> &'static str {
        self.say("Thank you. Your answer has been recorded.", "Merci. Votre réponse a été enregistrée.")
    }

    /// What is filled in is recorded, and the workflow failed.
    pub(super) fn failed(&self) -> HttpResponse {
        let said = self.say(
            "Your answer has been received, but something went wrong afterwards. Please tell whoever sent you here.",
            "Votre réponse a été reçue, mais quelque chose s’est mal passé ensuite. Dites-le à la personne qui vous a envoyé ici.",
        );
        self.sheet().note(StatusCode::INTERNAL_SERVER_ERROR, said)
    }

    /// What its author says at the end.
    pub(super) fn completed(&self, completion: &Completion) -> HttpResponse {
        match completion {
            Completion::Redirect { url } => self.sheet().leading((0, url), ""),
            Completion::Html { html } => {
                self.sheet().page(StatusCode::OK, &format!("<div class=\"own\">{}</div>", cleaned(html)), "")
            }
            Completion::Text { title, message } => {
                let title = if title.trim().is_empty() { &self.form.form_title } else { title };
                let said = if message.trim().is_empty() { self.thanks() } else { message };
                Sheet { title, ..self.sheet() }.note(StatusCode::OK, said)
            }
        }
    }

    fn say<'b>(&self, english: &'b str, french: &'b str) -> &'b str {
        self.sheet().say(english, french)
    }

    fn body(&self, entries: &Entries, faults: &[(usize, FormFault)], token: &str) -> String {
        let mut html = String::new();
        if !self.form.form_description.trim().is_empty() {
            let _ = write!(html, "<div class=\"about own\">{}</div>", cleaned(&self.form.form_description));
        }
        if !faults.is_empty() {
            let said = self.say(
                "Something is missing or not right. Look at the fields that are marked.",
                "Il manque quelque chose, ou un champ ne va pas. Regardez les champs marqués.",
            );
            let _ = write!(html, "<p class=\"faults\" role=\"alert\">{said}</p>");
        }
        let takes_files = self.form.fields.iter().any(|field| field.kind == FieldKind::File);
        let sent_as = if takes_files { " enctype=\"multipart/form-data\"" } else { "" };
        let _ = write!(
            html,
            "<form method=\"post\"{sent_as}><input type=\"hidden\" name=\"{TOKEN}\" value=\"{}\">",
            escape(token)
        );
        for (index, field) in self.form.fields.iter().enumerate() {
            let fault = faults.iter().find(|(place, _)| *place == index).map(|(_, fault)| *fault);
            let texts: Vec<&str> = entries.texts(index).collect();
            let had_files = entries.files(index).next().is_some();
            html.push_str(&self.field(&Shown { field, name: field_name(index), texts, had_files, fault }));
        }
        let button = match self.form.button_label.trim() {
            "" => self.say("Send", "Envoyer"),
            label => label,
        };
        let _ = write!(html, "<button type=\"submit\">{}</button></form>", escape(button));
        html
    }

    fn field(&self, shown: &Shown<'_>) -> String {
        let Shown { field, name, .. } = shown;
        match field.kind {
            FieldKind::Html => format!("<div class=\"field own\">{}</div>", cleaned(&field.html)),
            FieldKind::Hidden => {
                format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escape(shown.text()))
            }
            FieldKind::Radio | FieldKind::Checkbox => {
                let of_group = shown.fault.map_or_else(String::new, |_| format!(" aria-describedby=\"{name}-fault\""));
                let label = self.label(field);
                let choices: String = field.choices().map(|choice| shown.choice(choice)).collect();
                let fault = self.fault(shown);
                format!("<fieldset class=\"field\"{of_group}><legend>{label}</legend>{choices}{fault}</fieldset>")
            }
            FieldKind::File => {
                let (label, input, fault) = (self.label(field), self.file_input(shown), self.fault(shown));
                format!("<div class=\"field\"><label for=\"{name}\">{label}</label>{input}{fault}</div>")
            }
            _ => {
                let (label, input, fault) = (self.label(field), self.input(shown), self.fault(shown));
                format!("<div class=\"field\"><label for=\"{name}\">{label}</label>{input}{fault}</div>")
            }
        }
    }

    fn label(&self, field: &FormField) -> String {
        let label = escape(&field.label);
        if !field.is_required {
            return label;
        }
        let must = self.say("required", "obligatoire");
        format!("{label} <span class=\"must\" title=\"{must}\" aria-label=\"{must}\">*</span>")
    }

    fn input(&self, shown: &Shown<'_>) -> String {
        let attributes = shown.attributes();
        match shown.field.kind {
            FieldKind::Textarea => format!("<textarea{attributes}>\n{}</textarea>", escape(shown.text())),
            FieldKind::Dropdown => {
                let nothing = if shown.field.multiselect {
                    String::new()
                } else {
                    format!("<option value=\"\">{}</option>", self.say("Choose…", "Choisir…"))
                };
                let options: String = shown.field.choices().map(|choice| shown.option(choice)).collect();
                let several = if shown.field.multiselect { " multiple" } else { "" };
                format!("<select{attributes}{several}>{nothing}{options}</select>")
            }
            kind => {
                let kind = match kind {
                    FieldKind::Number => "number\" step=\"any",
                    FieldKind::Email => "email",
                    FieldKind::Password => "password",
                    FieldKind::Date => "date",
                    _ => "text",
                };
                // What nobody shall see is not sent back.
                let text = if kind == "password" { "" } else { shown.text() };
                format!("<input type=\"{kind}\"{attributes} value=\"{}\">", escape(text))
            }
        }
    }

    /// A field for files says what it takes before anything is chosen: what is too large has been sent in vain.
    fn file_input(&self, shown: &Shown<'_>) -> String {
        let Shown { field, name, .. } = shown;
        let mut input = format!("<input type=\"file\"{}", shown.attributes());
        let accepted: Vec<String> = field.accepted().map(as_browsers_know).collect();
        if !accepted.is_empty() {
            let _ = write!(input, " accept=\"{}\"", escape(&accepted.join(",")));
        }
        if field.takes_several {
            input.push_str(" multiple");
        }
        let mut hints = Vec::new();
        if !accepted.is_empty() {
            hints.push(format!("{} {}.", self.say("Accepted:", "Acceptés :"), escape(&accepted.join(", "))));
        }
        let (most, several) = (self.upload_limit >> 20, field.takes_several);
        hints.push(match (self.french, several) {
            (false, false) => format!("One file. All files of this form together: {most} MiB at most."),
            (false, true) => format!("One file or several. All files of this form together: {most} MiB at most."),
            (true, false) => format!("Un seul fichier. Tous les fichiers de ce formulaire : {most} Mio au plus."),
            (true, true) => {
                format!("Un ou plusieurs fichiers. Tous les fichiers de ce formulaire : {most} Mio au plus.")
            }
        });
        if shown.had_files {
            hints.push(
                self.say("Choose again what you had chosen.", "Choisissez de nouveau ce que vous aviez choisi.").into(),
            );
        }
        let hints = hints.join(" ");
        format!("{input}><p class=\"hint\" id=\"{name}-hint\">{hints}</p>")
    }

    fn fault(&self, shown: &Shown<'_>) -> String {
        let Some(fault) = shown.fault else { return String::new() };
        let said = match fault {
            FormFault::Missing if shown.field.kind == FieldKind::File => {
                self.say("Choose a file.", "Choisissez un fichier.").to_owned()
            }
            FormFault::OneFile => {
                self.say("Choose one file, not several.", "Choisissez un seul fichier, pas plusieurs.").to_owned()
            }
            FormFault::FileType => self
                .say("Choose a file of a type that is accepted.", "Choisissez un fichier d’un type accepté.")
                .to_owned(),
            FormFault::Missing => self.say("Fill this in.", "À remplir.").to_owned(),
            FormFault::Number => {
                self.say("Write a number, such as 12.5.", "Écrivez un nombre, par exemple 12.5.").to_owned()
            }
            FormFault::Email => self
                .say(
                    "Write an e-mail address, such as ada@example.com.",
                    "Écrivez une adresse e-mail, par exemple ada@example.com.",
                )
                .to_owned(),
            FormFault::Date => self.say("Choose a day.", "Choisissez un jour.").to_owned(),
            FormFault::Choice => self.say("Choose one of these.", "Choisissez dans la liste.").to_owned(),
            FormFault::TooFew { least } if self.french => format!("Cochez-en au moins {least}."),
            FormFault::TooFew { least } => format!("Tick at least {least}."),
            FormFault::TooMany { most } if self.french => format!("Cochez-en au plus {most}."),
            FormFault::TooMany { most } => format!("Tick at most {most}."),
            FormFault::TooLong { most } if self.french => format!("Écrivez au plus {most} caractères."),
            FormFault::TooLong { most } => format!("Write at most {most} characters."),
        };
        format!("<p class=\"fault\" id=\"{}-fault\">{said}</p>", shown.name)
    }
}

/// A field with what is filled in.
struct Shown<'a> {
    field: &'a FormField,
    name: String,
    texts: Vec<&'a str>,
    /// Whether files were sent, which no page can show again.
    had_files: bool,
    fault: Option<FormFault>,
}

impl Shown<'_> {
    fn text(&self) -> &str {
        self.texts.first().copied().unwrap_or_default()
    }

    fn attributes(&self) -> String {
        let name = &self.name;
        let mut attributes = format!(" id=\"{name}\" name=\"{name}\"");
        if self.field.is_required {
            attributes.push_str(" required");
        }
        if !self.field.placeholder.is_empty() && self.field.kind != FieldKind::Dropdown {
            let _ = write!(attributes, " placeholder=\"{}\"", escape(&self.field.placeholder));
        }
        let hint = if self.field.kind == FieldKind::File { format!("{name}-hint") } else { String::new() };
        match self.fault {
            Some(_) if hint.is_empty() => {
                let _ = write!(attributes, " aria-invalid=\"true\" aria-describedby=\"{name}-fault\"");
            }
            Some(_) => {
                let _ = write!(attributes, " aria-invalid=\"true\" aria-describedby=\"{name}-fault {hint}\"");
            }
            None if hint.is_empty() => {}
            None => {
                let _ = write!(attributes, " aria-describedby=\"{hint}\"");
            }
        }
        attributes
    }

    fn is_chosen(&self, choice: &str) -> bool {
        self.texts.iter().any(|text| text.trim() == choice)
    }

    fn option(&self, choice: &str) -> String {
        let (chosen, choice) = (if self.is_chosen(choice) { " selected" } else { "" }, escape(choice));
        format!("<option value=\"{choice}\"{chosen}>{choice}</option>")
    }

    fn choice(&self, choice: &str) -> String {
        let chosen = if self.is_chosen(choice) { " checked" } else { "" };
        let (kind, must) = match self.field.kind {
            FieldKind::Radio => ("radio", if self.field.is_required { " required" } else { "" }),
            _ => ("checkbox", ""),
        };
        let (name, choice) = (&self.name, escape(choice));
        format!(
            "<label class=\"choice\"><input type=\"{kind}\" name=\"{name}\" value=\"{choice}\"{chosen}{must}>{choice}</label>"
        )
    }
}

/// The end of a name as browsers know it: with its point.
fn as_browsers_know(accepted: &str) -> String {
    let is_end = !accepted.contains(['.', '/', '*']);
    if is_end { format!(".{accepted}") } else { accepted.to_owned() }
}

/// What its author wrote, without anything that acts: neither scripts nor styles nor forms of its own.
fn cleaned(html: &str) -> String {
    ammonia::clean(&html.replace('\n', "<br>"))
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;
    use weft_engine::{PlanStep, Trigger};
    use weft_value::from_json;

    use super::*;

    fn form(fields: &str) -> Form {
        let parameters = from_json(&format!(
            r#"{{"formTitle":"<b>Café</b>","formDescription":"Hi<script>x</script>\n<i>you</i>","formFields":[{fields}]}}"#
        ));
        let kinds = weft_engine::kinds::Kinds::default();
        let weft_engine::kinds::Kind::Trigger(kind) = kinds.kind("formTrigger", 1).unwrap() else {
            panic!("a trigger")
        };
        match PlanStep::Trigger(kind.prepare(&parameters.unwrap()).unwrap()) {
            PlanStep::Trigger(Trigger::Form(form)) => *form,
            _ => panic!("a form"),
        }
    }

    async fn text(response: HttpResponse) -> (u16, String, String) {
        let status = response.status().as_u16();
        let policy = response.headers().get("content-security-policy").unwrap().to_str().unwrap().to_owned();
        let body = to_bytes(response.into_body()).await.unwrap();
        (status, policy, String::from_utf8(body.to_vec()).unwrap())
    }

    fn branding() -> Branding {
        Branding {
            product_name: "Acme & Sons".into(),
            accent_color: "#ffcc00".into(),
            logo_url: Some("/logo\"x.svg".into()),
        }
    }

    #[actix_web::test]
    async fn a_page_carries_the_brand_and_lets_nothing_act() {
        let form = form(
            r#"{"fieldLabel":"\"><script>1</script>","fieldType":"text","placeholder":"\" onfocus=\"x","requiredField":true},
               {"fieldLabel":"Pick","fieldType":"checkbox","options":"a\n<b>"},
               {"fieldType":"html","html":"<p onclick=x>é</p><script>2</script><style>*{}</style><form></form>"}"#,
        );
        let brand = branding();
        let page = FormPage { form: &form, brand: &brand, french: true, upload_limit: 256 << 20 };
        let (status, policy, html) = text(page.asking(&Entries::default(), "t-1234567890123456")).await;
        assert_eq!(status, 200);
        assert!(
            policy.starts_with("default-src 'none'; style-src 'nonce-") && !policy.contains("script-src"),
            "{policy}"
        );
        assert!(html.contains("lang=\"fr\"") && html.contains("Envoyer") && html.contains("Acme &amp; Sons"), "{html}");
        assert!(
            html.contains("&lt;b&gt;Café&lt;/b&gt;") && html.contains("--accent:#ffcc00;--on-accent:#000"),
            "{html}"
        );
        for acts in ["<script", "onclick", " onfocus=\"x", "<form>", "<style>", "\"x.svg"] {
            assert!(!html.contains(acts), "{acts}: {html}");
        }
        assert!(html.contains("<p>é</p>") && html.contains("<i>you</i>"), "{html}");
        assert_eq!(html.matches("name=\"field-1\"").count(), 2);
    }

    #[actix_web::test]
    async fn what_is_wrong_stands_beside_the_field_and_what_was_typed_stays() {
        let form = form(
            r#"{"fieldLabel":"Mail","fieldType":"email"},{"fieldLabel":"Secret","fieldType":"password"},
               {"fieldLabel":"Size","fieldType":"dropdown","options":"S\nL"},{"fieldLabel":"Note","fieldType":"textarea"}"#,
        );
        let pairs = [
            ("token", "t-1234567890123456"),
            ("field-0", "no<"),
            ("field-1", "hush"),
            ("field-2", "L"),
            ("field-3", "a\nb"),
        ];
        let entries = Entries::new(pairs.map(|(n, t)| (n.to_owned(), t.to_owned())).to_vec());
        let faults = form.read(&entries).unwrap_err();
        let brand = branding();
        let page = FormPage { form: &form, brand: &brand, french: false, upload_limit: 256 << 20 };
        let (status, _, html) = text(page.refusing(&entries, &faults)).await;
        assert_eq!(status, 422);
        assert!(
            html.contains("value=\"no&lt;\"") && html.contains("id=\"field-0-fault\">Write an e-mail address"),
            "{html}"
        );
        assert!(html.contains("aria-describedby=\"field-0-fault\"") && html.contains("role=\"alert\""), "{html}");
        assert!(html.contains("value=\"t-1234567890123456\""), "the same form");
        assert!(!html.contains("hush"), "a password is not sent back");
        assert!(html.contains("<option value=\"L\" selected>") && html.contains("a\nb</textarea>"), "{html}");
    }

    #[actix_web::test]
    async fn a_field_for_files_says_what_it_takes_and_asks_for_them_again() {
        let form = form(
            r#"{"fieldLabel":"CV","fieldType":"file","acceptFileTypes":"pdf, image/*,\"x","requiredField":true},
               {"fieldLabel":"More","fieldType":"file","multipleFiles":true},{"fieldLabel":"Mail","fieldType":"email"}"#,
        );
        let brand = branding();
        let page = FormPage { form: &form, brand: &brand, french: false, upload_limit: 256 << 20 };
        let (_, _, html) = text(page.asking(&Entries::default(), "t-1234567890123456")).await;
        assert!(html.contains("<form method=\"post\" enctype=\"multipart/form-data\">"), "{html}");
        let cv = "<input type=\"file\" id=\"field-0\" name=\"field-0\" required aria-describedby=\"field-0-hint\" \
            accept=\".pdf,image/*,.&quot;x\"><p class=\"hint\" id=\"field-0-hint\">Accepted: .pdf, image/*, .&quot;x. One file.";
        assert!(html.contains(cv), "{html}");
        assert!(html.contains(" multiple><p class=\"hint\" id=\"field-1-hint\">One file or several."), "{html}");
        assert!(html.contains("256 MiB at most.") && !html.contains("Choose again"), "{html}");

        let file = weft_value::BinaryRef { file_name: Some("a.pdf".into()), size: 1, ..Default::default() };
        let entries = Entries::new(vec![("field-2".into(), "no".into())]).with_files(vec![("field-0".into(), file)]);
        let faults = form.read(&entries).unwrap_err();
        let page = FormPage { french: true, ..page };
        let (status, _, html) = text(page.refusing(&entries, &faults)).await;
        assert_eq!(status, 422);
        assert_eq!(html.matches("Choisissez de nouveau").count(), 1, "{html}");
        let faults = form.read(&Entries::default()).unwrap_err();
        let html = text(page.refusing(&Entries::default(), &faults)).await.2;
        assert!(html.contains("aria-describedby=\"field-0-fault field-0-hint\""), "{html}");
        assert!(html.contains("id=\"field-0-fault\">Choisissez un fichier."), "{html}");
    }

    #[actix_web::test]
    async fn what_follows_is_a_page_that_says_so() {
        let (mut form, brand) = (form(""), branding());
        let page = FormPage { form: &form, brand: &brand, french: true, upload_limit: 256 << 20 };
        assert!(text(page.done()).await.2.contains("Merci. Votre réponse a été enregistrée."));
        assert_eq!(text(page.failed()).await.0, 500);
        let redirect = Completion::Redirect { url: "https://a.b/?x=1&y=\"2".into() };
        let led = text(page.completed(&redirect)).await.2;
        assert!(led.contains("content=\"0;url=https://a.b/?x=1&amp;y=&quot;2\""), "{led}");
        form.submitted_text = "À <bientôt>".into();
        let page = FormPage { form: &form, brand: &brand, french: true, upload_limit: 256 << 20 };
        assert!(text(page.done()).await.2.contains("À &lt;bientôt&gt;"));
    }

    #[actix_web::test]
    async fn an_end_says_what_its_author_says_and_nothing_acts() {
        let (form, brand) = (form(""), branding());
        let page = FormPage { form: &form, brand: &brand, french: false, upload_limit: 256 << 20 };
        let said = Completion::Text { title: "Bye <i>".into(), message: "See\nyou & all".into() };
        let html = text(page.completed(&said)).await.2;
        assert!(html.contains("<h1>Bye &lt;i&gt;</h1>") && html.contains("See\nyou &amp; all"), "{html}");
        let nothing = Completion::Text { title: String::new(), message: " ".into() };
        let html = text(page.completed(&nothing)).await.2;
        assert!(html.contains("<h1>&lt;b&gt;Café&lt;/b&gt;</h1>") && html.contains("Your answer has been recorded."));
        let own = Completion::Html { html: "<h2 onclick=x>é</h2><script>1</script>".into() };
        let html = text(page.completed(&own)).await.2;
        assert!(html.contains("<h2>é</h2>") && !html.contains("script>"), "{html}");
    }
}
