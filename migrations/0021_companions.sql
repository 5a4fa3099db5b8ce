-- Companions: what becomes true in the same transaction as the events that say so. Only append_events writes here.

create table timers (
    tenant_id     uuid        not null,
    timer_id      uuid        not null,
    stream_id     uuid        not null,
    kind          text        not null,
    due_at        timestamptz not null,
    data          jsonb       not null,
    claimed_until timestamptz,
    primary key (tenant_id, timer_id)
);
create index timers_by_moment on timers (due_at);
create index timers_by_stream on timers (tenant_id, stream_id);
call police('timers', 'select');
comment on column timers.claimed_until is 'A process was told of it and is given time to fire it.';

create table trigger_routes (
    tenant_id   uuid    not null,
    workflow_id uuid    not null,
    ordinal     integer not null,
    hook_id     uuid    not null,
    node_id     uuid    not null,
    method      text    not null,
    path        text    not null,
    is_test     boolean not null,
    version     integer not null,
    data        jsonb   not null,
    primary key (tenant_id, workflow_id, ordinal)
);
create index trigger_routes_by_hook on trigger_routes (tenant_id, hook_id);
call police('trigger_routes', 'select');

create table reserved_names (
    tenant_id uuid not null,
    scope     text not null,
    name      text not null,
    owner_id  uuid not null,
    primary key (tenant_id, scope, name)
);
call police('reserved_names', 'select');

-- Executions that have not ended, and who drives them. A lease belongs to the worker process, not to the execution.
create table open_executions (
    tenant_id    uuid    not null,
    execution_id uuid    not null,
    workflow_id  uuid    not null,
    worker_id    uuid    not null,
    epoch        integer not null,
    primary key (tenant_id, execution_id)
);
create index open_executions_by_worker on open_executions (worker_id);
call police('open_executions', 'select');

create table workers (
    worker_id    uuid        primary key,
    heartbeat_at timestamptz not null
) with (fillfactor = 50);

create table idempotency_keys (
    tenant_id   uuid        not null,
    key         text        not null,
    stream_id   uuid        not null,
    position    bigint      not null,
    recorded_at timestamptz not null default now(),
    primary key (tenant_id, key)
);
create index idempotency_keys_by_age on idempotency_keys (recorded_at);
call police('idempotency_keys', 'select');

create table usage_counters (
    tenant_id uuid   not null,
    counter   text   not null,
    amount    bigint not null,
    primary key (tenant_id, counter)
) with (fillfactor = 70);
call police('usage_counters', 'select');

-- Blobs that payloads refer to; a blob that no row names is an orphan.
create table blob_references (
    tenant_id  uuid        not null,
    digest     bytea       not null,
    stream_id  uuid        not null,
    expires_at timestamptz not null,
    primary key (tenant_id, digest)
);
call police('blob_references', '');
