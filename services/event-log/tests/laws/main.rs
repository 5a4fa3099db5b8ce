//! The laws of a log. Each is written once and holds for the log in memory and for the log in PostgreSQL.

#![allow(clippy::unwrap_used, clippy::panic, reason = "this is all test code")]

#[path = "../support/mod.rs"]
mod support;

mod append;
mod companions;
mod reading;
mod same;
mod secrets;
mod seen;
mod slots;
mod static_data;
mod timers;

macro_rules! laws {
    ($($module:ident::$law:ident),+ $(,)?) => {
        mod in_memory {
            $(#[tokio::test]
            async fn $law() {
                crate::$module::$law(&weft_event_log::MemoryLog::new()).await;
            })+
        }

        mod in_postgres {
            $(#[tokio::test]
            async fn $law() {
                let test = crate::support::TestLog::open().await;
                crate::$module::$law(&test.log).await;
            })+
        }
    };
}

laws! {
    append::positions_have_no_gap_in_any_tenant,
    append::a_stream_grows_only_from_the_expected_version,
    append::of_many_that_expect_the_same_version_one_wins,
    append::a_refused_append_leaves_nothing_behind,
    append::a_request_that_contradicts_itself_is_refused,
    reading::what_was_appended_is_read_back,
    reading::a_tenant_reads_only_its_own_log,
    reading::pages_join_without_a_gap,
    reading::a_payload_is_read_back_whatever_its_size,
    reading::a_watcher_hears_every_head_in_order,
    companions::a_name_has_one_owner,
    companions::a_name_changes_hands_within_one_append,
    companions::an_idempotency_key_works_once,
    companions::of_many_with_one_key_one_is_made,
    companions::routes_are_replaced_as_a_whole,
    companions::a_counter_stops_at_its_limit,
    companions::an_execution_whose_worker_is_silent_is_an_orphan,
    secrets::a_secret_that_is_used_cannot_be_destroyed,
    secrets::what_is_destroyed_or_never_was_cannot_be_used,
    secrets::each_tenant_has_its_own_uses,
    seen::a_value_is_new_to_the_step_that_saw_it_first,
    seen::the_oldest_values_are_forgotten_first,
    seen::of_many_steps_at_once_one_gets_each_value,
    seen::a_mark_only_rises_and_a_step_that_is_repeated_finds_what_it_found,
    slots::so_many_executions_hold_a_slot_as_long_as_they_are_open,
    slots::keys_wait_for_each_other_only_where_the_workflow_is_full,
    slots::of_many_that_ask_at_once_only_so_many_get_one,
    slots::the_workflows_of_a_tenant_share_its_slots,
    slots::of_many_workflows_that_ask_at_once_only_so_many_get_a_slot,
    static_data::static_data_is_kept_entry_by_entry,
    static_data::an_entry_of_static_data_is_bounded,
    timers::due_timers_come_earliest_first_and_are_lent,
    timers::a_timer_is_set_moved_and_cleared,
    timers::a_timer_fires_once,
    timers::the_next_timer_is_known,
    timers::a_discarded_timer_is_gone_and_a_moved_one_stays,
    timers::a_held_timer_is_given_to_nobody_and_fires_all_the_same,
    timers::of_two_that_move_a_timer_one_does,
    timers::a_roused_timer_keeps_what_it_remembers,
}
