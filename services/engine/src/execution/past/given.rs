//! What an execution gave, read back.

use weft_event_log::{Log, Recorded};
use weft_model::execution::{ExecutionEvent, Part};
use weft_model::{Event, ExecutionId, NodeId, StreamVersion, TenantId};

use super::reader::{Reader, Reading};
use super::{PAGE, PastError};
use crate::execution::list::joined;
use crate::execution::schedule::{Items, Returns};
use crate::files::StepFiles;

/// What an execution that has ended gave whoever called it, as [`Schedule::given_lists`](crate::execution::Schedule::given_lists) says,
/// without reading any other items.
pub(crate) async fn given_items(
    log: &dyn Log,
    tenant: TenantId,
    execution: ExecutionId,
    returns: Returns,
    (files, most): (&StepFiles, usize),
) -> Result<Items, PastError> {
    let given = read_steps(log, tenant, execution).await?;
    let last = given.last().map(|(node, ..)| *node);
    let skipped = if returns == Returns::LastRun { given.len().saturating_sub(1) } else { 0 };
    let mut reader = Reader::new(log, tenant, Reading::Everything);
    let mut lists = Vec::new();
    for (node, recorded, output) in given.iter().skip(skipped) {
        let part = output.iter().find(|part| part.count > 0).filter(|_| Some(*node) == last);
        if let Some(part) = part {
            lists.push(reader.list(recorded, *part).await?);
        }
    }
    Ok(joined(lists, files, most).await?)
}

/// Which steps gave what, in order.
async fn read_steps(
    log: &dyn Log,
    tenant: TenantId,
    execution: ExecutionId,
) -> Result<Vec<(NodeId, Recorded, Vec<Part>)>, PastError> {
    let mut given = Vec::new();
    let mut after = StreamVersion(0);
    loop {
        let page = log.read_stream(tenant, execution.into(), after, PAGE).await?;
        let is_last = page.len() < PAGE;
        after = page.last().map_or(after, |last| last.version);
        for recorded in page {
            match Event::decode(&recorded.wire_type, recorded.wire_version, &recorded.body)? {
                Event::Execution(ExecutionEvent::Queued { trigger, output, .. }) => {
                    given.push((trigger, recorded, output));
                }
                Event::Execution(
                    ExecutionEvent::StepSucceeded { step, output, .. }
                    | ExecutionEvent::StepReused { step, output, .. },
                ) => {
                    given.push((step.node, recorded, output));
                }
                _ => {}
            }
        }
        if is_last {
            break;
        }
    }
    Ok(given)
}
