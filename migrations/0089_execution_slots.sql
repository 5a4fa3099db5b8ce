-- Which executions of a workflow that names a limit progress at once (docs/adr/0024). An execution holds its slot as long as it is
-- open: one that ended, waits outside of memory, or was given up gives it back by that. Who waits has no row; it asks again.

create table execution_slots (
    tenant_id    uuid  not null,
    workflow_id  uuid  not null,
    execution_id uuid  not null,
    key          bytea not null,
    primary key (tenant_id, workflow_id, execution_id)
);
comment on column execution_slots.key is 'The first half of the SHA-256 of what the workflow''s key gave; zeros where there is none.';
call police('execution_slots', '');

-- Whether the execution may progress. A limit that is null is none.
create function take_slot(in_tenant uuid, in_workflow uuid, in_execution uuid, in_key bytea, in_most integer, in_most_per_key integer)
returns boolean
language plpgsql security definer set search_path = weft, pg_temp as $$
declare
    of_workflow bigint;
    of_key      bigint;
begin
    perform pg_advisory_xact_lock(hashtextextended('weft slots ' || in_tenant || in_workflow, 0));
    delete from execution_slots s
     where s.tenant_id = in_tenant and s.workflow_id = in_workflow and s.execution_id <> in_execution
       and not exists (select from open_executions o where o.tenant_id = in_tenant and o.execution_id = s.execution_id);
    perform from execution_slots s
      where s.tenant_id = in_tenant and s.workflow_id = in_workflow and s.execution_id = in_execution;
    if found then
        return true;
    end if;
    select count(*), count(*) filter (where s.key = in_key) into of_workflow, of_key from execution_slots s
     where s.tenant_id = in_tenant and s.workflow_id = in_workflow;
    if of_workflow >= in_most or of_key >= in_most_per_key then
        return false;
    end if;
    insert into execution_slots (tenant_id, workflow_id, execution_id, key)
    values (in_tenant, in_workflow, in_execution, in_key);
    return true;
end $$;

call open_to_system('take_slot(uuid, uuid, uuid, bytea, integer, integer)');
