-- What nodes have seen in earlier executions: values, one row each, and the highest number and the latest date. A place is a node, or a
-- workflow for all of its nodes. It lies beside the log: a claim is made while its step is at work, so that of two executions at once
-- one gets a value, and whoever repeats the step gets the same answer (docs/adr/0022).

create table seen_places (
    tenant_id      uuid   not null,
    workflow_id    uuid   not null,
    node_id        uuid   not null,
    last_ordinal   bigint not null default 0,
    highest_number double precision,
    latest_date    double precision,
    primary key (tenant_id, workflow_id, node_id)
) with (fillfactor = 70);
comment on column seen_places.node_id is 'The node whose own it is; the nil UUID where it is the workflow''s.';
comment on column seen_places.last_ordinal is 'How many values it has ever seen. Whoever claims anything locks this row.';
comment on column seen_places.latest_date is 'Milliseconds since 1970, as in JavaScript.';
call police('seen_places', '');

create table seen_values (
    tenant_id   uuid   not null,
    workflow_id uuid   not null,
    node_id     uuid   not null,
    digest      bytea  not null,
    ordinal     bigint not null,
    seen_by     uuid   not null,
    primary key (tenant_id, workflow_id, node_id, digest)
);
comment on column seen_values.digest is 'The first half of the SHA-256 of the value and its place.';
comment on column seen_values.ordinal is 'The oldest are forgotten first.';
comment on column seen_values.seen_by is 'The step that saw it first.';
create index seen_values_by_age on seen_values (tenant_id, workflow_id, node_id, ordinal);
call police('seen_values', '');

-- What was known before a step raised a mark, for as long as the step may be repeated.
create table seen_marks (
    tenant_id    uuid not null,
    workflow_id  uuid not null,
    node_id      uuid not null,
    kind         text not null check (kind in ('number', 'date')),
    seen_by      uuid not null,
    execution_id uuid not null,
    before       double precision,
    primary key (tenant_id, workflow_id, node_id, kind, seen_by)
);
call police('seen_marks', '');

-- For each digest whether it is new to the place: nobody has claimed it, or in_seen_by has. It is in_seen_by's from now on; null only
-- looks. The place remembers the last in_history of them.
create function see_values(in_tenant uuid, in_workflow uuid, in_node uuid, in_seen_by uuid, in_digests bytea[], in_history bigint)
returns boolean[]
language plpgsql security definer set search_path = weft, pg_temp as $$
declare
    known bigint;
    added bigint;
    answer boolean[];
begin
    if in_seen_by is not null then
        insert into seen_places (tenant_id, workflow_id, node_id) values (in_tenant, in_workflow, in_node) on conflict do nothing;
        select p.last_ordinal into known from seen_places p
         where p.tenant_id = in_tenant and p.workflow_id = in_workflow and p.node_id = in_node
           for update;
        insert into seen_values (tenant_id, workflow_id, node_id, digest, ordinal, seen_by)
        select in_tenant, in_workflow, in_node, given.digest, known + row_number() over (order by given.place), in_seen_by
          from unnest(in_digests) with ordinality as given (digest, place)
         where not exists (select from seen_values v
                            where v.tenant_id = in_tenant and v.workflow_id = in_workflow and v.node_id = in_node
                              and v.digest = given.digest);
        get diagnostics added = row_count;
    end if;
    select array_agg(v.digest is null or coalesce(v.seen_by = in_seen_by, false) order by given.place) into answer
      from unnest(in_digests) with ordinality as given (digest, place)
      left join seen_values v on v.tenant_id = in_tenant and v.workflow_id = in_workflow and v.node_id = in_node
                             and v.digest = given.digest;
    if added > 0 then
        update seen_places p set last_ordinal = known + added
         where p.tenant_id = in_tenant and p.workflow_id = in_workflow and p.node_id = in_node;
        delete from seen_values v
         where v.tenant_id = in_tenant and v.workflow_id = in_workflow and v.node_id = in_node
           and v.ordinal <= known + added - in_history;
    end if;
    return coalesce(answer, '{}');
end $$;

-- The mark of the place before in_seen_by raised it, which it does now; null only looks.
create function see_mark(in_tenant uuid, in_workflow uuid, in_node uuid, in_kind text, in_execution uuid, in_seen_by uuid,
                         in_mark double precision) returns double precision
language plpgsql security definer set search_path = weft, pg_temp as $$
declare
    known double precision;
    before_it double precision;
begin
    if in_seen_by is null then
        select case in_kind when 'number' then p.highest_number else p.latest_date end into known from seen_places p
         where p.tenant_id = in_tenant and p.workflow_id = in_workflow and p.node_id = in_node;
        return known;
    end if;
    insert into seen_places (tenant_id, workflow_id, node_id) values (in_tenant, in_workflow, in_node) on conflict do nothing;
    select case in_kind when 'number' then p.highest_number else p.latest_date end into known from seen_places p
     where p.tenant_id = in_tenant and p.workflow_id = in_workflow and p.node_id = in_node
       for update;
    select m.before into before_it from seen_marks m
     where m.tenant_id = in_tenant and m.workflow_id = in_workflow and m.node_id = in_node
       and m.kind = in_kind and m.seen_by = in_seen_by;
    if found then
        return before_it;
    end if;
    -- An execution that has ended repeats nothing.
    delete from seen_marks m
     where m.tenant_id = in_tenant and m.workflow_id = in_workflow and m.node_id = in_node
       and not exists (select from open_executions o
                        where o.tenant_id = in_tenant and o.execution_id = m.execution_id);
    insert into seen_marks (tenant_id, workflow_id, node_id, kind, seen_by, execution_id, before)
    values (in_tenant, in_workflow, in_node, in_kind, in_seen_by, in_execution, known);
    if in_kind = 'number' then
        update seen_places p set highest_number = greatest(p.highest_number, in_mark)
         where p.tenant_id = in_tenant and p.workflow_id = in_workflow and p.node_id = in_node;
    else
        update seen_places p set latest_date = greatest(p.latest_date, in_mark)
         where p.tenant_id = in_tenant and p.workflow_id = in_workflow and p.node_id = in_node;
    end if;
    return known;
end $$;

-- Everything of the place is forgotten.
create function forget_seen(in_tenant uuid, in_workflow uuid, in_node uuid) returns void
language plpgsql security definer set search_path = weft, pg_temp as $$
begin
    -- The row stays, since others may wait for its lock.
    update seen_places p set highest_number = null, latest_date = null
     where p.tenant_id = in_tenant and p.workflow_id = in_workflow and p.node_id = in_node;
    delete from seen_values v
     where v.tenant_id = in_tenant and v.workflow_id = in_workflow and v.node_id = in_node;
    delete from seen_marks m
     where m.tenant_id = in_tenant and m.workflow_id = in_workflow and m.node_id = in_node;
end $$;

call open_to_system('see_values(uuid, uuid, uuid, uuid, bytea[], bigint)');
call open_to_system('see_mark(uuid, uuid, uuid, text, uuid, uuid, double precision)');
call open_to_system('forget_seen(uuid, uuid, uuid)');
