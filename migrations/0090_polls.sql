-- Timers of triggers that look something up (docs/adr/0025): what they have seen is the timer's data, so that one row says both when a
-- trigger looks again and what it knows, and whoever moves the row on has moved both.

-- Keeps a timer from being given out until then. Nobody is kept from firing it.
create function hold_timer(in_tenant uuid, in_timer uuid, in_due_at timestamptz, in_until timestamptz) returns boolean
language plpgsql security definer set search_path = weft, pg_temp as $$
begin
    update timers set claimed_until = in_until
     where tenant_id = in_tenant and timer_id = in_timer and due_at = in_due_at;
    return found;
end $$;

-- Moves a timer on that nothing else happened with, and takes over what it remembers.
create function move_timer(in_tenant uuid, in_timer uuid, in_due_at timestamptz, in_next timestamptz, in_data jsonb) returns boolean
language plpgsql security definer set search_path = weft, pg_temp as $$
begin
    update timers set due_at = in_next, claimed_until = null, data = in_data
     where tenant_id = in_tenant and timer_id = in_timer and due_at = in_due_at;
    return found;
end $$;

call open_to_system('hold_timer(uuid, uuid, timestamptz, timestamptz)');
call open_to_system('move_timer(uuid, uuid, timestamptz, timestamptz, jsonb)');

-- The function of 0087 with one kind more.
-- Makes them, in order. in_stream and in_first are those of the append.
create or replace function apply_companions(in_tenant uuid, in_stream uuid, in_first bigint, companions jsonb[]) returns void
language plpgsql as $$
declare
    companion jsonb;
begin
    foreach companion in array companions loop
        case companion ->> 'kind'
        when 'openExecution' then
            insert into open_executions (tenant_id, execution_id, workflow_id, worker_id, epoch)
            values (in_tenant, (companion ->> 'execution')::uuid, (companion ->> 'workflow')::uuid,
                    (companion ->> 'worker')::uuid, (companion ->> 'epoch')::integer)
            on conflict (tenant_id, execution_id)
            do update set worker_id = excluded.worker_id, epoch = excluded.epoch;
        when 'closeExecution' then
            delete from open_executions
             where tenant_id = in_tenant and execution_id = (companion ->> 'execution')::uuid;
        when 'addUsage' then
            insert into usage_counters (tenant_id, counter, amount)
            values (in_tenant, companion ->> 'counter', (companion ->> 'amount')::bigint)
            on conflict (tenant_id, counter) do update set amount = usage_counters.amount + excluded.amount;
        when 'idempotencyKey' then
            insert into idempotency_keys (tenant_id, key, stream_id, position)
            values (in_tenant, companion ->> 'key', in_stream, in_first);
        when 'setTimer' then
            insert into timers (tenant_id, timer_id, stream_id, kind, due_at, data)
            values (in_tenant, (companion ->> 'id')::uuid, (companion ->> 'stream')::uuid, companion ->> 'timer',
                    (companion ->> 'dueAt')::timestamptz, companion -> 'data')
            on conflict (tenant_id, timer_id)
            do update set stream_id = excluded.stream_id, kind = excluded.kind, due_at = excluded.due_at,
                          data = excluded.data, claimed_until = null;
        when 'rouseTimer' then
            insert into timers (tenant_id, timer_id, stream_id, kind, due_at, data)
            values (in_tenant, (companion ->> 'id')::uuid, (companion ->> 'stream')::uuid, companion ->> 'timer',
                    (companion ->> 'dueAt')::timestamptz, companion -> 'data')
            on conflict (tenant_id, timer_id)
            do update set due_at = excluded.due_at, claimed_until = null;
        when 'clearTimer', 'fireTimer' then
            delete from timers where tenant_id = in_tenant and timer_id = (companion ->> 'id')::uuid;
        when 'reserveName' then
            insert into reserved_names (tenant_id, scope, name, owner_id)
            values (in_tenant, companion ->> 'scope', companion ->> 'name', (companion ->> 'owner')::uuid)
            on conflict (tenant_id, scope, name) do update set owner_id = excluded.owner_id;
        when 'releaseName' then
            delete from reserved_names
             where tenant_id = in_tenant and scope = companion ->> 'scope' and name = companion ->> 'name';
        when 'setTriggerRoutes' then
            perform set_trigger_routes(in_tenant, (companion ->> 'workflow')::uuid, companion -> 'routes');
        when 'tenantProfile' then
            perform apply_tenant_profile(in_tenant, companion);
        when 'membership' then
            perform apply_membership(in_tenant, companion);
        when 'dropMembership' then
            perform drop_membership(in_tenant, companion);
        when 'keepSecret' then
            insert into secrets (tenant_id, secret_id, version, key_id, hidden, shown)
            values (in_tenant, (companion ->> 'credential')::uuid, (companion ->> 'version')::integer,
                    (companion ->> 'key')::integer, decode(companion ->> 'hidden', 'hex'),
                    decode(companion ->> 'shown', 'hex'))
            on conflict (tenant_id, secret_id)
            do update set version = excluded.version, key_id = excluded.key_id, hidden = excluded.hidden,
                          shown = excluded.shown, created_at = excluded.created_at;
        when 'destroySecret' then
            delete from secrets where tenant_id = in_tenant and secret_id = (companion ->> 'credential')::uuid;
        when 'setSecretUses' then
            delete from secret_uses where tenant_id = in_tenant and workflow_id = (companion ->> 'workflow')::uuid;
            insert into secret_uses (tenant_id, workflow_id, secret_id)
            select distinct in_tenant, (companion ->> 'workflow')::uuid, used_secret::uuid
              from jsonb_array_elements_text(companion -> 'credentials') as used_secret;
        when 'keepStaticData' then
            if companion ->> 'data' is null then
                delete from static_data
                 where tenant_id = in_tenant and workflow_id = (companion ->> 'workflow')::uuid
                   and digest = decode(companion ->> 'digest', 'hex');
            else
                insert into static_data (tenant_id, workflow_id, digest, node_id, key_id, data)
                values (in_tenant, (companion ->> 'workflow')::uuid, decode(companion ->> 'digest', 'hex'),
                        (companion ->> 'node')::uuid, (companion ->> 'keyId')::integer,
                        decode(companion ->> 'data', 'hex'))
                on conflict (tenant_id, workflow_id, digest)
                do update set key_id = excluded.key_id, data = excluded.data;
            end if;
        when 'blobReference' then
            insert into blob_references (tenant_id, digest, stream_id, expires_at)
            values (in_tenant, decode(companion ->> 'digest', 'hex'), in_stream,
                    (companion ->> 'expiresAt')::timestamptz)
            on conflict (tenant_id, digest)
            do update set expires_at = greatest(blob_references.expires_at, excluded.expires_at);
        end case;
    end loop;
end $$;
