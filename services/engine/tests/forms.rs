//! Forms of several pages: what is shown next, and to whom.

#![allow(clippy::unwrap_used, reason = "these are tests, their helpers too")]

mod support;

use std::time::Duration;

use support::{Drawing, House, TENANT, node_id, settle, start_at};
use uuid::Uuid;
use weft_engine::{
    AnsweredPage, AskedPage, Completion, Engine, Filled, FormState, Respond, SendSignal, SignalError, WaitState,
};
use weft_model::ExecutionId;
use weft_value::{Item, Object, from_json};

const PAGE: &str = r#"{"formTitle":"Size","formFields":[{"fieldLabel":"Size"}]}"#;

async fn state(engine: &Engine, execution: ExecutionId) -> FormState {
    engine.form_visit(TENANT, execution).await.unwrap().unwrap().state
}

async fn asked(engine: &Engine, execution: ExecutionId) -> AskedPage {
    match state(engine, execution).await {
        FormState::Asks(page) => *page,
        other => panic!("it asks nothing: {other:?}"),
    }
}

async fn answer(engine: &Engine, execution: ExecutionId, page: &AskedPage) -> Result<(), SignalError> {
    let filled = Filled { values: [("Size", "L")].into_iter().collect(), ..Filled::default() };
    engine.answer_page(AnsweredPage { tenant: TENANT, execution, page, filled, query: Object::new() }).await
}

async fn begun(engine: &Engine) -> ExecutionId {
    let execution = engine.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    execution
}

#[tokio::test]
async fn a_page_is_answered_once_in_whatever_process() {
    let end = r#"{"operation":"completion","completionTitle":"Bye","completionMessage":"={{ $json.Size }}"}"#;
    let drawing = Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Page", "form", PAGE)
        .node("End", "form", end)
        .edge("Start", "Page")
        .edge("Page", "End");
    let house = House::new(drawing);
    let (engine, other) = (house.engine(), house.engine());
    assert!(engine.form_visit(TENANT, ExecutionId(Uuid::from_u128(404))).await.unwrap().is_none());
    let execution = begun(&engine).await;
    let page = asked(&other, execution).await;
    assert_eq!((page.form.form_title.as_str(), page.leads_on), ("Size", true));
    let (first, second) = tokio::join!(answer(&engine, execution, &page), answer(&other, execution, &page));
    assert_eq!(usize::from(first.is_ok()) + usize::from(second.is_ok()), 1, "{first:?} {second:?}");
    settle().await;
    assert!(matches!(answer(&engine, execution, &page).await, Err(SignalError::Ended)));
    let said = Completion::Text { title: "Bye".into(), message: "L".into() };
    for engine in [&engine, &other] {
        assert!(matches!(state(engine, execution).await, FormState::Completed(found) if found == said));
    }
    let given = house.log.outputs(execution).await[&(node_id("Page"), 0)][0].clone();
    assert!(given.contains(r#""Size":"L""#) && given.contains(r#""pairedItem":{"item":0}"#), "{given}");
}

#[tokio::test]
async fn whether_a_page_may_come_is_known_from_what_was_there() {
    let drawing = Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Call", "wait", r#"{"resume":"webhook"}"#)
        .node("Page", "form", PAGE)
        .edge("Start", "Call")
        .edge("Call", "Page");
    let house = House::new(drawing);
    let engine = house.engine();
    let execution = begun(&engine).await;
    assert!(matches!(state(&engine, execution).await, FormState::AtWork), "the page comes after the call");
    let WaitState::Waits(wait) = engine.awaited(TENANT, execution).await.unwrap() else { panic!("it waits") };
    let items = vec![Item::new(from_json("{}").unwrap())];
    let send = SendSignal { tenant: TENANT, execution, signal: wait.signal, items, respond: Respond::Nothing };
    engine.signal(send).await.unwrap();
    settle().await;
    let page = asked(&engine, execution).await;
    assert!(!page.leads_on, "nothing follows");
    answer(&engine, execution, &page).await.unwrap();
    settle().await;
    assert!(matches!(state(&engine, execution).await, FormState::Answered));
}

#[tokio::test]
async fn in_a_loop_a_page_may_come_again() {
    let drawing = Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Page", "form", PAGE)
        .node("Again", "noOp", "{}")
        .edge("Start", "Page")
        .edge("Page", "Again")
        .edge("Again", "Page");
    let house = House::new(drawing);
    let engine = house.engine();
    let execution = begun(&engine).await;
    let first = asked(&engine, execution).await;
    answer(&engine, execution, &first).await.unwrap();
    settle().await;
    let second = asked(&engine, execution).await;
    assert!(first.leads_on && second.leads_on && first.signal != second.signal, "each page is its own");
    assert!(matches!(answer(&engine, execution, &first).await, Err(SignalError::Late)));
}

#[tokio::test]
async fn a_page_whose_time_is_over_is_asked_no_longer() {
    let limited = r#"{"formFields":[],"limitWaitTime":true,"resumeAmount":1,"resumeUnit":"minutes"}"#;
    let drawing =
        Drawing::default().node("Start", "manualTrigger", "{}").node("Page", "form", limited).edge("Start", "Page");
    let house = House::new(drawing);
    let engine = house.engine();
    let execution = begun(&engine).await;
    let page = asked(&engine, execution).await;
    house.clock.advance(Duration::from_mins(1));
    assert_eq!(engine.fire_due_timers().await.unwrap(), 1);
    settle().await;
    assert!(answer(&engine, execution, &page).await.is_err());
    assert!(matches!(state(&engine, execution).await, FormState::Answered));
}

#[tokio::test]
async fn an_execution_without_pages_shows_none() {
    let drawing = Drawing::default().node("Start", "manualTrigger", "{}");
    let house = House::new(drawing);
    let engine = house.engine();
    let execution = begun(&engine).await;
    assert!(matches!(state(&engine, execution).await, FormState::Over));
}
