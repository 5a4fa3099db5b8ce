//! From what a node gave to what its successors get.

use std::sync::Arc;

use weft_model::execution::StepError;
use weft_model::{NodeId, OnError};
use weft_nodes::{NodeError, Outputs, is_truthy};
use weft_value::{Item, ItemRef, Object, Pairing, Value};

use super::schedule::{Delivery, Items, Task};
use crate::plan::{PlanNode, PlanStep};

/// The longest text of an error that is recorded, in bytes.
const MAX_TEXT: usize = 16 * 1024;
/// The most causes of an error that are recorded.
const MOST_CAUSES: usize = 16;

/// One list for every output, the one for errors included: failed items are where the node's settings want them, every item
/// is paired as far as that can be known, and there is data where the settings ask for some.
pub(crate) fn settled(node: &PlanNode, task: &Task, outputs: Outputs) -> Result<Vec<Items>, NodeError> {
    let mut ports = arranged(node, task, outputs)?;
    let is_silent = ports.first().is_none_or(|items| items.is_empty());
    if node.always_output_data && is_silent && !ports.is_empty() {
        ports[0] = from_everything(task);
    }
    Ok(ports)
}

/// An empty item that was made from all that the node had.
pub(crate) fn from_everything(task: &Task) -> Items {
    Arc::new(vec![Item { pairing: Pairing::many(every_input_item(task)), ..Item::new(Value::empty_object()) }])
}

/// What an item holds that tells nothing but an error.
const ABOUT_ERRORS: [&str; 3] = ["error", "message", "details"];

/// The same, where items that tell nothing but an error count as failed: many a service answers so, and as in n8n, a node with
/// an output for errors sends them there. What somebody pinned is left where it is.
pub(crate) fn without_errors(node: &PlanNode, mut outputs: Outputs) -> Outputs {
    if node.disabled || node.on_error != OnError::ErrorOutput {
        return outputs;
    }
    let Outputs { ports, failed, .. } = &mut outputs;
    let before = failed.len();
    for items in ports.iter_mut().take(node.outputs).filter(|items| items.iter().any(tells_an_error)) {
        failed.extend(Arc::make_mut(items).extract_if(.., |item| tells_an_error(item)));
    }
    if failed.len() > before {
        failed.sort_by_key(origin);
    }
    outputs
}

fn tells_an_error(item: &Item) -> bool {
    let Some(json) = item.json.as_object() else { return false };
    json.get("error").is_some_and(is_truthy) && json.iter().all(|(name, _)| ABOUT_ERRORS.contains(&&**name))
}

/// The same, where nothing is given that the node did not.
pub(crate) fn arranged(node: &PlanNode, task: &Task, outputs: Outputs) -> Result<Vec<Items>, NodeError> {
    let Outputs { mut ports, mut failed, .. } = outputs;
    ports.resize_with(node.outputs, Items::default);
    match node.on_error {
        OnError::ErrorOutput => {
            for item in &mut failed {
                restore(item, task)?;
            }
            ports.truncate(node.outputs);
            ports.push(Arc::new(failed));
        }
        OnError::Continue if !failed.is_empty() => {
            for item in &mut failed {
                reduce(item);
            }
            match ports.first_mut() {
                Some(first) => {
                    let first = Arc::make_mut(first);
                    first.append(&mut failed);
                    first.sort_by_key(origin);
                }
                None => ports.push(Arc::new(failed)),
            }
        }
        OnError::Continue | OnError::Stop => {}
    }
    let has_one_output = ports.len() == 1;
    for items in &mut ports {
        pair(items, task, has_one_output);
    }
    Ok(ports)
}

/// The same items, made from what lies so many places further behind: `items` are what a piece of a list gave, and the places
/// in it are not those in the list.
pub(crate) fn moved(items: &mut Items, before: usize) {
    let before = before as u32;
    if before == 0 {
        return;
    }
    for item in Arc::make_mut(items) {
        match &mut item.pairing {
            Pairing::One(one) => one.item += before,
            Pairing::Many(many) => Arc::make_mut(many).iter_mut().for_each(|one| one.item += before),
            Pairing::Earlier(_) | Pairing::Unknown => {}
        }
    }
}

/// A failed item on the error output has the data of the item that it was made from, and the error.
fn restore(failed: &mut Item, task: &Task) -> Result<(), NodeError> {
    let origin = match &failed.pairing {
        Pairing::One(one) => Some(*one),
        Pairing::Many(many) => many.first().copied(),
        // What it was made from came to an earlier iteration, and the item has carried its data since.
        Pairing::Earlier(_) | Pairing::Unknown => None,
    };
    let Some(ItemRef { item, input }) = origin else { return Ok(()) };
    let Some(delivery) = task.inputs.get(input as usize).and_then(Option::as_ref) else { return Ok(()) };
    let item = delivery.items.loaded()?.get(item as usize);
    let Some(mut json) = item.and_then(|item| item.json.as_object()).cloned() else { return Ok(()) };
    for (key, value) in failed.json.as_object().into_iter().flatten() {
        json.insert(key.clone(), value.clone());
    }
    failed.json = json.into();
    Ok(())
}

/// A failed item among the others is its error and nothing else, so that nobody takes it for one that succeeded.
fn reduce(failed: &mut Item) {
    let error = failed.json.get("error").clone();
    failed.json = [("error", error)].into_iter().collect::<Object>().into();
    failed.binary = None;
}

fn every_input_item(task: &Task) -> Vec<ItemRef> {
    let of_input = |(input, delivery): (usize, &Option<Delivery>)| {
        let count = delivery.as_ref().map_or(0, |delivery| delivery.items.len());
        (0..count).map(move |item| ItemRef { item: item as u32, input: input as u32 })
    };
    task.inputs.iter().enumerate().flat_map(of_input).collect()
}

/// What a node gives that failed as a whole and whose settings say to carry on. As in n8n, one that transforms items lets its
/// input through, while one that acts gives its error in their place.
pub(crate) fn after_error(node: &PlanNode, task: &Task, error: &NodeError) -> Result<Vec<Items>, NodeError> {
    let mut ports = vec![Items::default(); node.outputs.max(1)];
    if node.on_error == OnError::ErrorOutput {
        let input = task.inputs.iter().flatten().next().map(|delivery| delivery.items.loaded()).transpose()?;
        let input = input.map_or(&[][..], |items| items.as_slice());
        let failed = input.iter().enumerate().map(|(index, item)| error.to_item(Some(item)).paired_with(index));
        ports.truncate(node.outputs);
        ports.push(Arc::new(failed.collect()));
    } else if matches!(node.step, PlanStep::Transform(_)) {
        let input = task.inputs.first().and_then(Option::as_ref);
        ports[0] = input.map(|delivery| delivery.items.loaded().map(passed_on)).transpose()?.unwrap_or_default();
    } else {
        ports[0] = Arc::new(vec![error.to_error_item()]);
    }
    for items in &mut ports {
        pair(items, task, false);
    }
    Ok(ports)
}

/// The same items, paired with themselves: what a node gives that passes its input on.
pub(crate) fn passed_on(items: &Items) -> Items {
    let is_paired = |(index, item): (usize, &Item)| item.pairing == at(index);
    if items.iter().enumerate().all(is_paired) {
        return Arc::clone(items);
    }
    Arc::new(items.iter().enumerate().map(|(index, item)| item.clone().paired_with(index)).collect())
}

fn at(index: usize) -> Pairing {
    Pairing::One(ItemRef { item: index as u32, input: 0 })
}

fn origin(item: &Item) -> u32 {
    match &item.pairing {
        Pairing::One(one) => one.item,
        Pairing::Earlier(earlier) => earlier.item,
        Pairing::Many(many) => many.first().map_or(u32::MAX, |one| one.item),
        Pairing::Unknown => u32::MAX,
    }
}

/// Items that do not say where they come from: all from the only item there was, or, where nothing else can be meant, each from
/// the one in its place. One that is made of many goes back to the first of them. With several inputs nobody knows.
fn pair(items: &mut Items, task: &Task, has_one_output: bool) {
    let [Some(delivery)] = task.inputs.as_slice() else { return };
    let count = delivery.items.len();
    let in_its_place = has_one_output && items.len() == count;
    let is_made_of_many = has_one_output && items.len() == 1 && count > 1;
    if (count != 1 && !in_its_place && !is_made_of_many) || items.iter().all(|item| !item.pairing.is_unknown()) {
        return;
    }
    for (index, item) in Arc::make_mut(items).iter_mut().enumerate() {
        if item.pairing.is_unknown() {
            item.pairing = at(if count == 1 { 0 } else { index });
        }
    }
}

/// A node's error as it is recorded. An event has room for so much only, and people make messages of items.
pub(crate) fn step_error(error: &NodeError, node: NodeId) -> StepError {
    StepError {
        code: error.code.clone().into_owned(),
        message: cut(&error.message),
        description: error.description.as_deref().map(cut),
        node: Some(node),
        item: error.item,
        field: error.field.as_deref().map(cut),
        causes: error.causes.iter().take(MOST_CAUSES).map(|cause| cut(cause)).collect(),
    }
}

/// The text, or its beginning with a mark that it goes on.
fn cut(text: &str) -> String {
    if text.len() <= MAX_TEXT {
        return text.to_owned();
    }
    format!("{}… ({} bytes in all)", &text[..text.floor_char_boundary(MAX_TEXT)], text.len())
}

#[cfg(test)]
mod tests {
    use weft_nodes::testing::{items, json_of};
    use weft_value::from_json;

    use super::super::list::{List, StoredList};
    use super::*;

    fn task(inputs: &[&str]) -> Task {
        let delivery = |json: &&str| Some(Delivery { items: Arc::new(items(json)).into(), source: None });
        Task { node: 0, inputs: inputs.iter().map(delivery).collect() }
    }

    #[test]
    fn a_failed_item_gets_its_data_back_for_the_error_output_and_loses_it_elsewhere() {
        let task = task(&[r#"[{"a":1},{"a":2,"error":"old"}]"#, r#"[{"b":3}]"#]);
        for (pairing, restored) in [
            (at(1), r#"{"a":2,"error":"new"}"#),
            (Pairing::One(ItemRef { item: 0, input: 1 }), r#"{"b":3,"error":"new"}"#),
            (Pairing::many([ItemRef { item: 0, input: 0 }]), r#"{"a":1,"error":"new"}"#),
            (at(9), r#"{"error":"new"}"#),
            (Pairing::Unknown, r#"{"error":"new"}"#),
        ] {
            let mut item = Item { pairing, ..Item::new(from_json(r#"{"error":"new"}"#).unwrap()) };
            restore(&mut item, &task).unwrap();
            assert_eq!(item.json.to_json(), restored);
            reduce(&mut item);
            assert_eq!(item.json.to_json(), r#"{"error":"new"}"#);
        }
    }

    #[test]
    fn one_item_of_many_goes_back_to_the_first() {
        for (has_one_output, expected) in [(true, at(0)), (false, Pairing::Unknown)] {
            let mut made = Arc::new(items("[{}]"));
            pair(&mut made, &task(&["[{},{},{}]"]), has_one_output);
            assert_eq!(made[0].pairing, expected);
        }
    }

    #[test]
    fn a_failed_item_whose_data_is_not_in_memory_is_not_taken_for_one_without() {
        let mut task = task(&["[{}]"]);
        let stored = StoredList::new(Vec::new(), Vec::new());
        task.inputs[0].as_mut().unwrap().items = List::Stored(Arc::new(stored));
        let mut item = Item { pairing: at(0), ..Item::default() };
        assert_eq!(restore(&mut item, &task).unwrap_err().code, "items_not_loaded");
    }

    #[test]
    fn items_without_a_pairing_get_one_only_where_nothing_else_can_be_meant() {
        for (inputs, made, one_output, expected) in [
            (&["[{}]"][..], "[{},{}]", true, Some([0, 0])),
            (&["[{}]"], "[{},{}]", false, Some([0, 0])),
            (&["[{},{}]"], "[{},{}]", true, Some([0, 1])),
            (&["[{},{}]"], "[{},{}]", false, None),
            (&["[{},{},{}]"], "[{},{}]", true, None),
            (&["[{}]", "[{}]"], "[{},{}]", true, None),
        ] {
            let mut made = Arc::new(items(made));
            pair(&mut made, &task(inputs), one_output);
            let found: Vec<Pairing> = made.iter().map(|item| item.pairing.clone()).collect();
            let expected = expected.map_or([Pairing::Unknown, Pairing::Unknown], |places| places.map(at));
            assert_eq!(found, expected, "{inputs:?} {}", json_of(&made));
        }
    }

    #[test]
    fn what_a_piece_gave_is_paired_with_the_places_of_the_whole() {
        let pairings = [at(1), Pairing::many([ItemRef { item: 0, input: 0 }]), Pairing::Unknown];
        let mut made = Arc::new(pairings.map(|pairing| Item { pairing, ..Item::default() }).to_vec());
        moved(&mut made, 10);
        let found: Vec<Pairing> = made.iter().map(|item| item.pairing.clone()).collect();
        assert_eq!(found, [at(11), Pairing::many([ItemRef { item: 10, input: 0 }]), Pairing::Unknown]);
    }

    #[test]
    fn a_text_is_cut_between_two_characters() {
        for length in [0, MAX_TEXT - 1, MAX_TEXT] {
            assert_eq!(cut(&"x".repeat(length)).len(), length);
        }
        let long = cut(&"€".repeat(MAX_TEXT));
        assert!(long.starts_with('€') && long.ends_with(&format!("€… ({} bytes in all)", 3 * MAX_TEXT)), "{long}");
        assert!(long.len() < MAX_TEXT + 64);
    }
}
