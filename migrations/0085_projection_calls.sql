-- Calls: see projections/src/calls. Which step of which execution asked for which other execution.
create function projection_tables.calls() returns void
language plpgsql
as $$
begin
    create table calls (
        tenant_id uuid not null,
        execution_id uuid not null,
        caller_id uuid not null,
        node_id uuid not null,
        iteration bigint not null,
        item bigint,
        position bigint not null,
        primary key (tenant_id, execution_id)
    );
    create index calls_by_caller on calls (tenant_id, caller_id, position);
end
$$;

select weft.create_projection_generation(1, array['calls']);
