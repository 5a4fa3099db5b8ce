-- The companions of secrets: kept, destroyed, used. The two functions are those of 0022 with these kinds; both run under the tenant's
-- log_heads lock, so that a secret cannot be destroyed between the look at its uses and the end of it.

-- Why a request's companions cannot all be made; null when they can.
create or replace function companion_refusal(in_tenant uuid, companions jsonb[]) returns jsonb
language plpgsql as $$
declare
    companion jsonb;
    held_by   uuid;
    held_key  idempotency_keys%rowtype;
    used      bigint;
    users     jsonb;
    missing   text;
begin
    foreach companion in array companions loop
        case companion ->> 'kind'
        when 'reserveName' then
            select owner_id into held_by from reserved_names
             where tenant_id = in_tenant and scope = companion ->> 'scope' and name = companion ->> 'name';
            if found and held_by <> (companion ->> 'owner')::uuid
               and not jsonb_build_object('kind', 'releaseName', 'scope', companion -> 'scope', 'name', companion -> 'name')
                   = any (companions) then
                return companion || jsonb_build_object('kind', 'nameTaken', 'owner', held_by);
            end if;
        when 'idempotencyKey' then
            select * into held_key from idempotency_keys where tenant_id = in_tenant and key = companion ->> 'key';
            if found then
                return jsonb_build_object('kind', 'duplicate', 'key', held_key.key,
                                          'stream', held_key.stream_id, 'first', held_key.position);
            end if;
        when 'fireTimer' then
            perform from timers
             where tenant_id = in_tenant and timer_id = (companion ->> 'id')::uuid
               and due_at = (companion ->> 'dueAt')::timestamptz;
            if not found then
                return jsonb_build_object('kind', 'timerGone', 'timer', companion -> 'id');
            end if;
        when 'tenantProfile' then
            -- Slugs are unique among all tenants, whose logs are not locked together.
            perform pg_advisory_xact_lock(hashtext('weft tenant slugs'));
            select t.tenant_id into held_by from tenants t where t.slug = companion ->> 'slug';
            if found and held_by <> in_tenant then
                return jsonb_build_object('kind', 'nameTaken', 'scope', 'tenant.slug', 'name', companion -> 'slug',
                                          'owner', held_by);
            end if;
        when 'addUsage' then
            if companion ->> 'limit' is not null then
                select amount into used from usage_counters
                 where tenant_id = in_tenant and counter = companion ->> 'counter';
                if coalesce(used, 0) + (companion ->> 'amount')::bigint > (companion ->> 'limit')::bigint then
                    return jsonb_build_object('kind', 'quotaExceeded', 'counter', companion -> 'counter',
                                              'used', coalesce(used, 0), 'limit', companion -> 'limit');
                end if;
            end if;
        when 'destroySecret' then
            select jsonb_agg(workflow_id order by workflow_id) into users from secret_uses
             where tenant_id = in_tenant and secret_id = (companion ->> 'credential')::uuid;
            if users is not null then
                return jsonb_build_object('kind', 'secretInUse', 'credential', companion -> 'credential', 'workflows', users);
            end if;
        when 'setSecretUses' then
            select min(wanted) into missing from jsonb_array_elements_text(companion -> 'credentials') as wanted
             where not exists (select from secrets where tenant_id = in_tenant and secret_id = wanted::uuid);
            if missing is not null then
                return jsonb_build_object('kind', 'secretMissing', 'credential', missing);
            end if;
        else
            null;
        end case;
    end loop;
    return null;
end $$;

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
        when 'blobReference' then
            insert into blob_references (tenant_id, digest, stream_id, expires_at)
            values (in_tenant, decode(companion ->> 'digest', 'hex'), in_stream,
                    (companion ->> 'expiresAt')::timestamptz)
            on conflict (tenant_id, digest)
            do update set expires_at = greatest(blob_references.expires_at, excluded.expires_at);
        end case;
    end loop;
end $$;
