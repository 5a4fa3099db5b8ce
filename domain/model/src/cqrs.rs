//! Deciders as aggregates of [`cqrs_es`]: its traits, its framework for commands and its given/when/then tests.
//!
//! `Aggregated<Workflow>` is a [`cqrs_es::Aggregate`] over any [`cqrs_es::EventStore`]. Definitions (tenants, members,
//! workflows, variables, credentials) take their commands through it; the engine appends executions natively. States are never stored: the
//! snapshot stores of cqrs-es 0.5.0 apply every new event twice (once when it is written to the sink, once again when the
//! snapshot is updated), so that [`Aggregated`] refuses to be serialised and any such store fails at its first use.

use std::fmt::Debug;

use cqrs_es::event_sink::EventSink;
use cqrs_es::{Aggregate, DomainEvent};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

use crate::Decider;
use crate::credential::CredentialEvent;
use crate::execution::ExecutionEvent;
use crate::member::MemberEvent;
use crate::tenant::TenantEvent;
use crate::variable::VariableEvent;
use crate::workflow::WorkflowEvent;

/// A decider in the shape that cqrs-es asks for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Aggregated<D>(pub D);

impl<D> Aggregate for Aggregated<D>
where
    D: Decider + Send + Sync,
    D::Command: Send,
    D::Event: DomainEvent,
    D::Rejection: Send,
{
    const TYPE: &'static str = D::NAME;

    type Command = D::Command;
    type Event = D::Event;
    type Error = D::Rejection;
    type Services = ();

    async fn handle(&mut self, command: D::Command, (): &(), sink: &EventSink<Self>) -> Result<(), D::Rejection> {
        for event in self.0.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: D::Event) {
        self.0.evolve(&event);
    }
}

const NOT_STORED: &str = "the state of an aggregate is never stored; it is the fold of its events";

impl<D> Serialize for Aggregated<D> {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(ser::Error::custom(NOT_STORED))
    }
}

impl<'de, D> Deserialize<'de> for Aggregated<D> {
    fn deserialize<R: Deserializer<'de>>(_: R) -> Result<Self, R::Error> {
        Err(de::Error::custom(NOT_STORED))
    }
}

macro_rules! domain_events {
    ($($event:ident),+ $(,)?) => {$(
        impl DomainEvent for $event {
            fn event_type(&self) -> String {
                crate::wire::split_name(self.wire_name()).0.to_owned()
            }

            fn event_version(&self) -> String {
                crate::wire::split_name(self.wire_name()).1.to_string()
            }
        }
    )+};
}

domain_events!(TenantEvent, MemberEvent, WorkflowEvent, ExecutionEvent, VariableEvent, CredentialEvent);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::variable::Variable;

    #[test]
    fn a_state_refuses_to_be_stored() {
        let error = serde_json::to_string(&Aggregated(Variable::default())).unwrap_err();
        assert!(error.to_string().contains("fold of its events"), "{error}");
    }

    #[test]
    fn an_event_tells_its_type_and_version_as_the_log_does() {
        let event = VariableEvent::Deleted { name: "region".into() };
        assert_eq!((event.event_type(), event.event_version()), ("variable.deleted".into(), "1".into()));
    }
}
