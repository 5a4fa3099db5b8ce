-- Takes away a timer that nothing answers to any longer, unless it was moved meanwhile. That is no fact about the tenant, so
-- no event says it.
create function discard_timer(in_tenant uuid, in_timer uuid, in_due_at timestamptz) returns boolean
language plpgsql security definer set search_path = weft, pg_temp as $$
begin
    delete from timers where tenant_id = in_tenant and timer_id = in_timer and due_at = in_due_at;
    return found;
end $$;

call open_to_system('discard_timer(uuid, uuid, timestamptz)');
