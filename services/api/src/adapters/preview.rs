//! An expression as a node would see it, with the items of an execution that was recorded.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use weft_engine::{Clock, Definitions, StepFiles, StoredList, SystemClock};
use weft_event_log::{Files, Log};
use weft_expressions::{Block, Budget, Diagnostic, EvaluationError, Limits, NodeFault, Scope, compile};
use weft_graphql::ports::{ExpressionBlock, Preview, Previewed, Problem, Refusal, Severity};
use weft_model::workflow::Live;
use weft_model::{Graph, NodeId, TenantId};
use weft_nodes::writes_json;
use weft_projections::executions::{self, StepRow};
use weft_tenants::RequestContext;
use weft_value::{Item, Object, Value};

use super::{LogDefinitions, faults};

/// So many blocks that gave nothing are told.
const MOST_BLOCKS: usize = 20;
/// So many characters of each.
const LONGEST_BLOCK: usize = 200;

/// Evaluates expressions over recorded items.
pub struct Previews {
    /// Where items are.
    pub log: Arc<dyn Log>,
    /// Where long lists are.
    pub files: Arc<dyn Files>,
    /// Where steps are.
    pub scope: weft_scope::Scope,
    /// The tenant's time zone and variables.
    pub definitions: Arc<LogDefinitions>,
    /// `$env`.
    pub environment: Object,
}

impl Previews {
    /// The value for the asked item. An expression that fails is a value of this function.
    pub async fn evaluate(&self, context: &RequestContext, live: &Live, asked: &Preview) -> Result<Previewed, Refusal> {
        let Some(source) = asked.expression.strip_prefix('=') else {
            return Ok(Previewed::Value(asked.expression.clone().into(), Vec::new()));
        };
        let template = match compile(source) {
            Ok(template) => template,
            Err(diagnostics) => return Ok(Previewed::Failed(first_problem(diagnostics, asked.node))),
        };
        let settings = self.definitions.tenant(context.tenant).await;
        let settings = settings.map_err(faults::definition)?;
        let definition = live.definition();
        let node = definition.graph.nodes.get(&asked.node);
        let json = node.is_some_and(|node| writes_json(&node.kind, &node.parameters, &asked.expression));
        let template = if json { template.writing_json() } else { template };
        let zone = definition.graph.settings.timezone.as_deref().and_then(|name| TimeZone::get(name).ok());
        let outputs = match asked.execution {
            Some(_) => self.outputs(context.tenant, &definition.graph, asked).await?,
            None => HashMap::new(),
        };
        let scope = RecordedScope {
            items: input(&definition.graph, asked.node, &outputs),
            index: asked.item as usize,
            now: SystemClock.now(),
            zone: zone.unwrap_or_else(|| settings.time_zone.clone()),
            variables: settings.variables.clone(),
            environment: self.environment.clone().into(),
            workflow: [("id", asked.workflow.to_string()), ("name", definition.name.clone())].into_iter().collect(),
            names: definition.graph.nodes.values().map(|node| (node.name.clone(), node.id)).collect(),
            outputs,
        };
        let mut budget = Budget::new(Limits::default());
        Ok(match template.evaluate(&scope, &mut budget) {
            Ok(Value::Undefined) => Previewed::Undefined,
            Ok(value) => {
                let undefined = template.undefined_blocks(&scope, &mut budget, MOST_BLOCKS);
                let blocks = undefined.into_iter().map(block).collect();
                Previewed::Value(serde_json::to_value(&value).unwrap_or_default(), blocks)
            }
            // A step executes it; nobody starts code for every letter that is typed.
            Err(EvaluationError::NeedsCodeRunner(_)) => {
                let message = "The code runner executes this, in executions only: there is no preview of it.";
                Previewed::Failed(Problem {
                    severity: Severity::Warning,
                    ..problem("expression", message.to_owned(), asked.node)
                })
            }
            Err(error) => Previewed::Failed(problem("expression", error.to_string(), asked.node)),
        })
    }

    /// What every node of the execution gave last, by output.
    async fn outputs(&self, tenant: TenantId, graph: &Graph, asked: &Preview) -> Result<Outputs, Refusal> {
        let Some(execution) = asked.execution else { return Ok(HashMap::new()) };
        let mut transaction = weft_projections::reading(&self.scope, tenant).await.map_err(faults::reading)?;
        let steps = executions::steps(tenant, &mut transaction, &[execution]).await;
        let steps = steps.map_err(faults::reading)?;
        drop(transaction);
        let mut outputs = HashMap::new();
        for step in steps.into_values().flatten().filter(|step| graph.nodes.contains_key(&step.step.node)) {
            let lists = self.items_of(tenant, &step).await?;
            outputs.insert(step.step.node, lists);
        }
        Ok(outputs)
    }

    async fn items_of(&self, tenant: TenantId, step: &StepRow) -> Result<Vec<Arc<Vec<Item>>>, Refusal> {
        let Some(payload) = step.payload else { return Ok(Vec::new()) };
        let payload = self.log.read_payload(tenant, payload).await.map_err(faults::log)?.unwrap_or_default();
        let files = StepFiles::new(tenant, Some(Arc::clone(&self.files)));
        let mut lists = Vec::with_capacity(step.output.len());
        for part in &step.output {
            let text = payload.part(part.part).map(|text| &text[..]).unwrap_or_default();
            lists.push(Arc::new(match StoredList::recorded(text) {
                Some(list) => beginning(&list, &files).await,
                None => serde_json::from_slice(text).unwrap_or_default(),
            }));
        }
        Ok(lists)
    }
}

/// The items of a long list that are in its first chunk: nobody looks through all of them to try an expression.
async fn beginning(list: &StoredList, files: &StepFiles) -> Vec<Item> {
    let Some(first) = list.chunks().first() else { return Vec::new() };
    files.chunk(first).await.ok().and_then(|json| serde_json::from_slice(&json).ok()).unwrap_or_default()
}

/// What came in at the node's first input: the output that its first edge leads from.
fn input(graph: &Graph, node: NodeId, outputs: &Outputs) -> Arc<Vec<Item>> {
    let edge = graph.edges_to(node).find(|edge| edge.to.port == 0);
    let list = edge.and_then(|edge| outputs.get(&edge.from.node)?.get(usize::from(edge.from.port)));
    list.cloned().unwrap_or_default()
}

type Outputs = HashMap<NodeId, Vec<Arc<Vec<Item>>>>;

/// Recorded items as an expression sees them.
struct RecordedScope {
    items: Arc<Vec<Item>>,
    index: usize,
    now: Timestamp,
    zone: TimeZone,
    variables: Value,
    environment: Value,
    workflow: Object,
    names: HashMap<String, NodeId>,
    outputs: Outputs,
}

impl Scope for RecordedScope {
    fn items(&self) -> &[Item] {
        &self.items
    }

    fn item_index(&self) -> usize {
        self.index
    }

    fn now(&self) -> Timestamp {
        self.now
    }

    fn time_zone(&self) -> &TimeZone {
        &self.zone
    }

    fn node_items(&self, node: &str, output: Option<usize>, _: Option<usize>) -> Result<Arc<Vec<Item>>, NodeFault> {
        let id = self.names.get(node).ok_or_else(|| NodeFault::Unknown(node.to_owned()))?;
        let lists = self.outputs.get(id).ok_or_else(|| NodeFault::NotExecuted(node.to_owned()))?;
        Ok(lists.get(output.unwrap_or(0)).cloned().unwrap_or_default())
    }

    /// Recorded steps are read here without the steps between: where both lists are equally long, or the node gave one item,
    /// the link is plain; otherwise it is not guessed.
    fn linked_item(&self, node: &str, item: usize) -> Result<Item, NodeFault> {
        let items = self.node_items(node, None, None)?;
        let plain =
            if items.len() == 1 { items.first() } else { items.get(item).filter(|_| items.len() == self.items.len()) };
        plain.cloned().ok_or_else(|| NodeFault::Unlinked { node: node.to_owned(), item })
    }

    fn is_executed(&self, node: &str) -> Result<bool, NodeFault> {
        let id = self.names.get(node).ok_or_else(|| NodeFault::Unknown(node.to_owned()))?;
        Ok(self.outputs.contains_key(id))
    }

    fn workflow(&self) -> Value {
        self.workflow.clone().into()
    }

    fn variables(&self) -> Value {
        self.variables.clone()
    }

    fn environment(&self) -> Value {
        self.environment.clone()
    }
}

fn block(block: Block<'_>) -> ExpressionBlock {
    let Block { source, line, column } = block;
    ExpressionBlock { source: source.chars().take(LONGEST_BLOCK).collect(), line, column }
}

fn first_problem(diagnostics: Vec<Diagnostic>, node: NodeId) -> Problem {
    match diagnostics.into_iter().next() {
        Some(Diagnostic { message, line, column, hint, .. }) => {
            Problem { line: Some(line), column: Some(column), hint, ..problem("expression", message, node) }
        }
        None => problem("expression", "The expression cannot be read.".into(), node),
    }
}

fn problem(code: &str, message: String, node: NodeId) -> Problem {
    Problem {
        severity: Severity::Error,
        code: code.to_owned(),
        message,
        node: Some(node),
        node_name: None,
        field: None,
        line: None,
        column: None,
        hint: None,
    }
}
