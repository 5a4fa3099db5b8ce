-- How many executions of a tenant progress at once, beside those of a workflow and of a key (docs/adr/0027): the same rows are counted
-- once more, and a column of the read model `tenant`, in every generation there is and in those to come.

-- Whether the execution may progress. A limit that is null is none. The function without the tenant's limit stays for processes of
-- an earlier version.
create function take_slot(
    in_tenant uuid, in_workflow uuid, in_execution uuid, in_key bytea, in_most integer, in_most_per_key integer, in_most_of_tenant integer
)
returns boolean
language plpgsql security definer set search_path = weft, pg_temp as $$
begin
    if in_most_of_tenant is not null then
        -- Always before the lock of a workflow, so that two that ask never wait for each other.
        perform pg_advisory_xact_lock(hashtextextended('weft slots ' || in_tenant, 0));
        delete from execution_slots s
         where s.tenant_id = in_tenant and s.execution_id <> in_execution
           and not exists (select from open_executions o where o.tenant_id = in_tenant and o.execution_id = s.execution_id);
        if (select count(*) from execution_slots s where s.tenant_id = in_tenant and s.execution_id <> in_execution) >= in_most_of_tenant
           and not exists (select from execution_slots s
                            where s.tenant_id = in_tenant and s.workflow_id = in_workflow and s.execution_id = in_execution)
        then
            return false;
        end if;
    end if;
    return take_slot(in_tenant, in_workflow, in_execution, in_key, in_most, in_most_per_key);
end $$;

call open_to_system('take_slot(uuid, uuid, uuid, bytea, integer, integer, integer)');

do $$
declare
    made record;
begin
    for made in select t.generation from weft.projection_tables t where t.projection = 'tenant' and t.table_name = 'tenant' loop
        execute format('alter table %I.tenant add column executions_at_once bigint', 'projections_g' || made.generation);
    end loop;
end
$$;

create or replace function projection_tables.tenant() returns void
language plpgsql
as $$
begin
    create table tenant (
        tenant_id uuid primary key,
        position bigint not null,
        slug text not null,
        name text not null,
        product_name text not null default '',
        accent_color text not null default '',
        logo_url text,
        timezone text not null default 'UTC',
        retention_days integer not null default 90,
        created_at timestamptz not null,
        error_workflow uuid,
        executions_at_once bigint
    );
end
$$;
