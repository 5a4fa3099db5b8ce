//! Which executions progress at once, in memory.

use weft_model::ExecutionId;

use crate::SlotRequest;

/// One tenant's slots that are held.
#[derive(Default)]
pub(super) struct Slots(Vec<SlotRequest>);

impl Slots {
    /// See migrations/0089 and 0092.
    pub(super) fn take(&mut self, asked: SlotRequest, is_open: impl Fn(ExecutionId) -> bool) -> bool {
        let SlotRequest { execution, workflow, key, most, most_per_key, most_of_tenant } = asked;
        self.0.retain(|held| held.execution == execution || is_open(held.execution));
        if self.0.iter().any(|held| held.execution == execution) {
            return true;
        }
        let of_workflow = self.0.iter().filter(|held| held.workflow == workflow);
        let of_key = of_workflow.clone().filter(|held| held.key == key).count();
        let is_free = |most: Option<u32>, held: usize| most.is_none_or(|most| held < most as usize);
        let is_taken = is_free(most_of_tenant, self.0.len())
            && is_free(most, of_workflow.count())
            && is_free(most_per_key, of_key);
        if is_taken {
            self.0.push(asked);
        }
        is_taken
    }
}
