//! What all aggregates have in common.

/// An aggregate: pure decisions over a state that is nothing but a fold of its events.
pub trait Decider: Default {
    /// What may be asked of it.
    type Command;
    /// What can happen to it.
    type Event;
    /// Why it says no.
    type Rejection: std::error::Error;

    /// The name of the aggregate, the first half of its events' wire names.
    const NAME: &'static str;

    /// What happens when `command` is obeyed. Nothing, where what it asks for is already so.
    fn decide(&self, command: Self::Command) -> Result<Vec<Self::Event>, Self::Rejection>;

    /// The state after `event`. Total: a log that is readable can be folded.
    fn evolve(&mut self, event: &Self::Event);

    /// The state after all of `events`, from the first on.
    fn replay<'a>(events: impl IntoIterator<Item = &'a Self::Event>) -> Self
    where
        Self::Event: 'a,
    {
        let mut state = Self::default();
        for event in events {
            state.evolve(event);
        }
        state
    }
}
