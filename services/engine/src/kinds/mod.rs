//! The kinds that start executions and the kinds that act. To add one, write its file and name it in the list below.

use std::collections::HashMap;

use weft_nodes::{Catalogue, NodeKind, TransformKind, UnknownKind};

use crate::action::{ActionKind, TriggerKind};

/// A kind, by what it does when it is executed.
#[derive(Clone, Copy)]
pub enum Kind {
    /// It transforms items.
    Transform(&'static dyn TransformKind),
    /// It acts.
    Action(&'static dyn ActionKind),
    /// It starts executions.
    Trigger(&'static dyn TriggerKind),
}

impl Kind {
    /// What every kind is.
    pub fn node_kind(self) -> &'static dyn NodeKind {
        match self {
            Self::Transform(kind) => kind,
            Self::Action(kind) => kind,
            Self::Trigger(kind) => kind,
        }
    }
}

/// Declares the module of each kind and lists them in [`acting`], in the order of the palette.
macro_rules! kinds {
    ($($does:ident($file:ident::$kind:ident)),* $(,)?) => {
        $(pub mod $file;)*

        fn acting() -> impl Iterator<Item = Kind> {
            [$(Kind::$does(&$file::$kind)),*].into_iter()
        }
    };
}

kinds! {
    Trigger(webhook::WebhookTrigger),
    Trigger(schedule_trigger::ScheduleTrigger),
    Trigger(rss_trigger::RssTrigger),
    Trigger(email_trigger::EmailTrigger),
    Trigger(execute_workflow_trigger::ExecuteWorkflowTrigger),
    Trigger(error_trigger::ErrorTrigger),
    Trigger(form_trigger::FormTrigger),
    Trigger(chat_trigger::ChatTrigger),
    Action(code::Code),
    Action(remove_seen::RemoveSeen),
    Action(execution_data::ExecutionData),
    Action(respond_to_webhook::RespondToWebhook),
    Action(wait::Wait),
    Action(form::FormKind),
    Action(execute_workflow::ExecuteWorkflow),
    Action(http_request::HttpRequest),
    Action(rss_read::RssRead),
    Action(convert_to_file::ConvertToFile),
    Action(extract_from_file::ExtractFromFile),
    Action(compression::Compression),
    Action(edit_image::EditImage),
    Action(graphql::GraphQl),
    Action(crypto::Crypto),
    Action(jwt::Jwt),
    Action(totp::Totp),
    Action(random::Random),
    Action(merge_sql::MergeSql),
    Action(postgres::Postgres),
    Action(mysql::MySql),
    Action(mssql::MsSql),
    Action(mongodb::MongoDb),
    Action(redis::Redis),
    Action(mqtt::Mqtt),
    Action(rabbitmq::RabbitMq),
    Action(kafka::Kafka),
    Action(nats::Nats),
    Action(ldap::Ldap),
    Action(send_email::SendEmail),
    Action(s3::S3),
    Action(ssh::Ssh),
    Action(ftp::Ftp),
}

/// Every kind there is, in the order of the palette.
pub fn all() -> Vec<Kind> {
    weft_nodes::all().into_iter().map(Kind::Transform).chain(acting()).collect()
}

/// Kinds by name and version, with what executes them.
#[derive(Clone)]
pub struct Kinds {
    by_key: HashMap<(&'static str, u32), Kind>,
    catalogue: Catalogue,
}

impl Default for Kinds {
    fn default() -> Self {
        Self::new(all())
    }
}

impl Kinds {
    /// These kinds.
    pub fn new(kinds: Vec<Kind>) -> Self {
        let catalogue = Catalogue::new(kinds.iter().map(|kind| kind.node_kind()));
        let key = |kind: &Kind| (kind.node_kind().descriptor().kind, kind.node_kind().descriptor().version);
        let by_key = kinds.into_iter().map(|kind| (key(&kind), kind)).collect();
        Self { by_key, catalogue }
    }

    /// The kind `name` in `version`.
    pub fn kind(&self, name: &str, version: u32) -> Result<Kind, UnknownKind> {
        let descriptor = self.catalogue.kind(name, version)?.descriptor();
        let found = self.by_key.get(&(descriptor.kind, descriptor.version)).copied();
        found.ok_or_else(|| UnknownKind::Kind { kind: name.to_owned() })
    }

    /// What the editor and the importer see.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }
}
