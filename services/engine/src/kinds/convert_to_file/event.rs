//! An event as a file for calendars.

use serde::Deserialize;
use weft_file_formats::ics::{Attendee, EventFile, write};
use weft_nodes::{Field, FieldType, NodeError, Parameter, ParameterType, Step, choice, coerce, field, label};
use weft_value::{DateTime, Value};

use crate::clock::derived_id;

/// What an event needs, under n8n's names.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Event {
    title: Field,
    start: Field,
    end: Field,
    all_day: bool,
    additional_fields: More,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct More {
    attendees_ui: Attendees,
    busy_status: Field,
    cal_name: Field,
    description: Field,
    file_name: Field,
    geolocation_ui: Geolocation,
    location: Field,
    organizer_ui: Organizer,
    recurrence_rule: Field,
    sequence: Field,
    status: Field,
    uid: Field,
    url: Field,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Attendees {
    attendee_values: Vec<Person>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Organizer {
    organizer_values: Option<Person>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Person {
    name: Field,
    email: Field,
    rsvp: bool,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Geolocation {
    geolocation_values: Place,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Place {
    lat: Field,
    lon: Field,
}

/// The fields of the form, which are there for events alone.
pub(super) fn form() -> Vec<Parameter> {
    const ONLY: [&str; 1] = ["iCal"];
    let text = |name, names| field(ParameterType::String, name, names);
    let moment = |name, names| field(ParameterType::DateTime, name, names).required().when("operation", ONLY);
    let person =
        || [text("name", label("Name", "Nom")), text("email", label("Address", "Adresse")).example("ada@example.com")];
    let answers = field(ParameterType::Boolean, "rsvp", label("Ask for an answer", "Demander une réponse")).help(
        "Calendars then show buttons to accept or decline.",
        "Les calendriers montrent alors des boutons pour accepter ou refuser.",
    );
    vec![
        text("title", label("Title", "Titre")).when("operation", ONLY),
        moment("start", label("Begins", "Début")).example("2026-12-24T18:00:00"),
        moment("end", label("Ends", "Fin")).example("2026-12-24T20:00:00"),
        field(ParameterType::Boolean, "allDay", label("Whole days", "Journées entières"))
            .help("Hours and minutes do not count.", "Les heures et les minutes ne comptent pas.")
            .literal()
            .or(false)
            .when("operation", ONLY),
        field(ParameterType::Collection, "additionalFields", label("More", "Autres")).when("operation", ONLY).fields([
            text("description", label("Description", "Description")).rows(3),
            text("location", label("Place", "Lieu")),
            text("url", label("URL", "URL")),
            text("recurrenceRule", label("Comes again", "Se répète"))
                .help(
                    "A rule of iCalendar (RRULE): how often, until when.",
                    "Une règle d’iCalendar (RRULE) : à quelle fréquence, jusqu’à quand.",
                )
                .example("FREQ=WEEKLY;COUNT=3"),
            field(ParameterType::FixedCollection, "attendeesUi", label("Invited", "Invités"))
                .help("Name and address of everybody who is invited.", "Nom et adresse de chaque personne invitée.")
                .fields([field(ParameterType::FixedCollection, "attendeeValues", label("Invited", "Invités"))
                    .multiple()
                    .fields(person().into_iter().chain([answers.literal().or(false)]))]),
            field(ParameterType::FixedCollection, "organizerUi", label("Invites", "Organise"))
                .help(
                    "Name and address of who invites; answers go there.",
                    "Nom et adresse de qui invite ; les réponses vont là.",
                )
                .fields([field(ParameterType::FixedCollection, "organizerValues", label("Invites", "Organise"))
                    .fields(person())]),
            field(ParameterType::FixedCollection, "geolocationUi", label("On the map", "Sur la carte")).fields([
                field(ParameterType::FixedCollection, "geolocationValues", label("On the map", "Sur la carte"))
                    .fields([text("lat", label("Latitude", "Latitude")), text("lon", label("Longitude", "Longitude"))]),
            ]),
            status(),
            field(ParameterType::Options, "busyStatus", label("Shown as", "Affiché comme"))
                .help("How Outlook shows the time of the event.", "Comment Outlook affiche le temps de l’événement.")
                .or("BUSY")
                .choices([
                    choice("BUSY", label("Busy", "Occupé")),
                    choice("TENTATIVE", label("Tentative", "Provisoire")),
                ]),
            field(ParameterType::Number, "sequence", label("How often it was changed", "Nombre de changements"))
                .help(
                    "Grows with each change, so that calendars take the newest.",
                    "Augmente à chaque changement, pour que les calendriers prennent le plus récent.",
                )
                .or(0),
            text("calName", label("Name of the calendar", "Nom du calendrier"))
                .help("How calendars call what they import.", "Comment les calendriers nomment ce qu’ils importent."),
            text("uid", label("Known by", "Identifiant")).help(
                "The same for all versions of an event; made up where it is empty.",
                "Le même pour toutes les versions d’un événement ; inventé si c’est vide.",
            ),
            text("fileName", label("File name", "Nom du fichier")).example("event.ics"),
        ]),
    ]
}

fn status() -> Parameter {
    field(ParameterType::Options, "status", label("Status", "Statut")).or("CONFIRMED").choices([
        choice("CONFIRMED", label("Confirmed", "Confirmé")),
        choice("TENTATIVE", label("Tentative", "Provisoire")),
        choice("CANCELLED", label("Cancelled", "Annulé")),
    ])
}

impl Event {
    /// The name that the file is given.
    pub(super) fn file_name(&self, step: &dyn Step, index: usize) -> Result<String, NodeError> {
        Ok(self.additional_fields.file_name.text(step, index)?.to_string())
    }

    /// The file of one item's event.
    pub(super) fn bytes(&self, step: &dyn Step, index: usize) -> Result<Vec<u8>, NodeError> {
        let more = &self.additional_fields;
        let text = |field: &Field| field.text(step, index).map(|text| text.to_string());
        let uid = text(&more.uid)?;
        let place = &more.geolocation_ui.geolocation_values;
        let (lat, lon) = (text(&place.lat)?, text(&place.lon)?);
        let geo = if lat.is_empty() || lon.is_empty() { String::new() } else { format!("{lat};{lon}") };
        let texts = vec![
            ("SUMMARY", text(&self.title)?),
            ("DESCRIPTION", text(&more.description)?),
            ("LOCATION", text(&more.location)?),
            ("URL", text(&more.url)?),
            ("GEO", geo),
            ("RRULE", text(&more.recurrence_rule)?),
            ("SEQUENCE", text(&more.sequence)?),
            ("STATUS", text(&more.status)?),
            ("X-MICROSOFT-CDO-BUSYSTATUS", text(&more.busy_status)?),
        ];
        let person = |person: &Person| {
            Ok::<_, NodeError>(Attendee {
                name: text(&person.name)?,
                email: text(&person.email)?,
                answers: person.rsvp,
            })
        };
        let attendees: Result<Vec<Attendee>, NodeError> =
            more.attendees_ui.attendee_values.iter().map(person).collect();
        let file = EventFile {
            uid: if uid.is_empty() { own_id(step, index) } else { uid },
            stamp: step.now(),
            start: moment(&self.start, (step, index), "start")?.zoned().clone(),
            end: moment(&self.end, (step, index), "end")?.zoned().clone(),
            all_day: self.all_day,
            calendar: text(&more.cal_name)?,
            texts,
            organizer: more.organizer_ui.organizer_values.as_ref().map(person).transpose()?,
            attendees: attendees?,
        };
        Ok(write(&file).into_bytes())
    }
}

/// The same whenever the step is executed again.
fn own_id(step: &dyn Step, index: usize) -> String {
    let (seed, index) = (step.seed().to_be_bytes(), (index as u64).to_be_bytes());
    derived_id("event", &[&seed, &index]).to_string()
}

fn moment(field: &Field, (step, index): (&dyn Step, usize), name: &str) -> Result<DateTime, NodeError> {
    let given = field.resolve(step, index)?;
    let wrong = |message: String| NodeError::new("dateTime", message).in_field(name);
    match coerce(name, &given, FieldType::DateTime, false, step.time_zone()).map_err(wrong)? {
        Value::DateTime(moment) => Ok((*moment).clone()),
        _ => Err(wrong(format!("“{name}” must be filled in."))),
    }
}
