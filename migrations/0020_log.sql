-- Each tenant's log. Append-only: only append_events (0023) writes here, and nothing ever updates or deletes an event.

create table events (
    tenant_id      uuid        not null,
    position       bigint      not null,
    stream_id      uuid        not null,
    stream_version integer     not null,
    type           text        not null,
    type_version   smallint    not null,
    recorded_at    timestamptz not null,
    actor_type     "char"      not null,
    actor_id       uuid,
    correlation_id uuid        not null,
    causation      bigint,
    body           bytea       not null,
    payload_id     uuid,
    payload_digest bytea,
    key_id         integer     not null,
    hash           bytea       not null,
    primary key (tenant_id, position),
    unique (tenant_id, stream_id, stream_version)
) partition by hash (tenant_id);

comment on column events.position is 'From 1, gapless and in commit order per tenant.';
comment on column events.actor_type is 'm member, i identity, s the platform itself.';
comment on column events.causation is 'The position of the event of the same log that caused this one.';
comment on column events.body is 'Sealed under key_id (services/event-log, sealing).';
comment on column events.hash is 'SHA-256 of the previous hash and the link of this event (event_link).';

-- A sealed body does not compress, so trying would only cost time.
alter table events alter column body set storage external;
call police('events', 'select');

do $$
begin
    for remainder in 0..15 loop
        execute format('create table events_%s partition of events for values with (modulus 16, remainder %s)',
                       lpad(remainder::text, 2, '0'), remainder);
        call police(format('events_%s', lpad(remainder::text, 2, '0'))::regclass, '');
    end loop;
end $$;

-- The items that flowed: one row an append, in the partition of the month in which it expires.
create table payloads (
    tenant_id  uuid        not null,
    payload_id uuid        not null,
    expires_at timestamptz not null,
    stream_id  uuid        not null,
    key_id     integer     not null,
    data       bytea       not null,
    primary key (tenant_id, payload_id, expires_at)
) partition by range (expires_at);

comment on column payloads.stream_id is 'Whose items they are: what belongs to an open execution outlives its month.';
alter table payloads alter column data set storage external;
call police('payloads', 'select');

-- Every append to a tenant locks its row here first; hence positions without gaps, in commit order.
create table log_heads (
    tenant_id uuid   primary key,
    position  bigint not null,
    hash      bytea  not null
) with (fillfactor = 50);
call police('log_heads', 'select');

create table stream_heads (
    tenant_id uuid    not null,
    stream_id uuid    not null,
    version   integer not null,
    primary key (tenant_id, stream_id)
) with (fillfactor = 70);
call police('stream_heads', 'select');

-- What a lost wake-up is recovered from: every process polls it slowly. Rows are dropped after some minutes.
create table log_changes (
    transaction_id xid8        not null default pg_current_xact_id(),
    tenant_id      uuid        not null,
    position       bigint      not null,
    recorded_at    timestamptz not null default now()
);
create index log_changes_by_transaction on log_changes (transaction_id);
call police('log_changes', '');

-- One row a writer task: the last batch that it committed, with the answers, so that a batch whose answer was lost on
-- the way can be sent again without being appended again.
create table append_writers (
    writer_id uuid        primary key,
    batch     bigint      not null,
    firsts    bigint[]    not null default '{}',
    versions  integer[]   not null default '{}',
    refusals  jsonb[]     not null default '{}',
    seen_at   timestamptz not null default now()
) with (fillfactor = 50);
