-- What the platform asks across tenants. weft_system may execute these and read no table.

create function due_timers(in_now timestamptz, in_lease interval, in_limit integer)
returns table (tenant_id uuid, timer_id uuid, stream_id uuid, kind text, due_at timestamptz, data jsonb)
language sql security definer set search_path = weft, pg_temp as $$
    with due as (
        select t.tenant_id, t.timer_id from timers t
         where t.due_at <= in_now and (t.claimed_until is null or t.claimed_until <= in_now)
         order by t.due_at, t.tenant_id, t.timer_id
         limit in_limit
           for update skip locked
    ), claimed as (
        update timers t set claimed_until = in_now + in_lease from due
         where t.tenant_id = due.tenant_id and t.timer_id = due.timer_id
        returning t.*
    )
    select c.tenant_id, c.timer_id, c.stream_id, c.kind, c.due_at, c.data from claimed c
     order by c.due_at, c.tenant_id, c.timer_id
$$;

create function next_timer() returns timestamptz
language sql stable security definer set search_path = weft, pg_temp as $$
    select least((select min(due_at) from timers where claimed_until is null),
                 (select min(greatest(due_at, claimed_until)) from timers where claimed_until is not null))
$$;

create function heartbeat(in_worker uuid) returns void
language sql security definer set search_path = weft, pg_temp as $$
    insert into workers (worker_id, heartbeat_at) values (in_worker, clock_timestamp())
    on conflict (worker_id) do update set heartbeat_at = excluded.heartbeat_at
$$;

create function retire_worker(in_worker uuid) returns void
language sql security definer set search_path = weft, pg_temp as $$
    delete from workers where worker_id = in_worker
$$;

-- Executions whose worker has not been heard of for that long, or never.
create function orphaned_executions(in_silent_for interval, in_limit integer)
returns table (tenant_id uuid, execution_id uuid, workflow_id uuid, worker_id uuid, epoch integer)
language sql security definer set search_path = weft, pg_temp as $$
    with dead as (
        select d.worker_id from (select distinct o.worker_id from open_executions o) d
         where not exists (select from workers w
                            where w.worker_id = d.worker_id and w.heartbeat_at > clock_timestamp() - in_silent_for)
    )
    select o.tenant_id, o.execution_id, o.workflow_id, o.worker_id, o.epoch
      from dead join open_executions o using (worker_id)
     order by o.execution_id
     limit in_limit
$$;

-- Logs that grew in transactions from that one on, and where to ask from next time. A transaction that was still open
-- at the last call is seen by this one; what is seen twice is told apart by its position.
create function log_changes_since(in_transaction xid8, out tenants uuid[], out positions bigint[], out next_transaction xid8)
language plpgsql security definer set search_path = weft, pg_temp as $$
begin
    next_transaction := pg_snapshot_xmin(pg_current_snapshot());
    select array_agg(c.tenant_id), array_agg(c.position) into tenants, positions
      from (select tenant_id, max(position) as position from log_changes
             where transaction_id >= in_transaction group by tenant_id) c;
end $$;

call open_to_system('due_timers(timestamptz, interval, integer)');
call open_to_system('next_timer()');
call open_to_system('heartbeat(uuid)');
call open_to_system('retire_worker(uuid)');
call open_to_system('orphaned_executions(interval, integer)');
call open_to_system('log_changes_since(xid8)');
