-- Executions: see projections/src/executions. Rows hold positions and summaries, no items.
create function projection_tables.executions() returns void
language plpgsql
as $$
begin
    create table executions (
        tenant_id uuid not null,
        execution_id uuid not null,
        workflow_id uuid not null,
        workflow_name text not null,
        version_is_draft boolean not null,
        version_number integer not null,
        -- 0 manual, 1 test, 2 production
        mode smallint not null,
        -- 0 queued, 1 running, 2 waiting, 3 succeeded, 4 failed, 5 cancelled
        status smallint not null,
        trigger_node uuid not null,
        trigger_kind text not null,
        trigger_output json not null,
        payload_id uuid,
        retry_of uuid,
        queued_at timestamptz not null,
        started_at timestamptz,
        finished_at timestamptz,
        item_count bigint not null,
        error json,
        open_waits integer not null,
        -- the newest of its events
        position bigint not null,
        primary key (tenant_id, execution_id)
    );
    -- Every filter is answered by heads of these two, one for each status and mode.
    create index executions_by_status on executions (tenant_id, status, mode, queued_at, execution_id);
    create index executions_by_workflow on executions (tenant_id, workflow_id, status, mode, queued_at, execution_id);

    create table execution_steps (
        tenant_id uuid not null,
        execution_id uuid not null,
        position bigint not null,
        node_id uuid not null,
        iteration integer not null,
        attempt integer not null,
        payload_id uuid,
        detail json not null,
        primary key (tenant_id, execution_id, position)
    );

    create table execution_totals (
        tenant_id uuid not null,
        workflow_id uuid not null,
        status smallint not null,
        mode smallint not null,
        executions bigint not null,
        primary key (tenant_id, workflow_id, status, mode)
    ) with (fillfactor = 50);

    create table execution_days (
        tenant_id uuid not null,
        workflow_id uuid not null,
        day date not null,
        status smallint not null,
        mode smallint not null,
        executions bigint not null,
        primary key (tenant_id, workflow_id, day, status, mode)
    ) with (fillfactor = 50);
end
$$;
