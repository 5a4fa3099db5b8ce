-- The read side: how far each projection has folded, and where its rows lie.
--
-- The tables of a projection are made by a function of its own in schema projection_tables, so that any generation can be made
-- at any time: migrations 0041 and after define one function each. A generation is a schema projections_g<number> that holds
-- the tables of one or more projections. Queries are unqualified; a transaction's search_path names the generations that are
-- live for its tenant, newest first, so that a rebuilt table hides its older self.

create schema projection_tables;

create table weft.projection_checkpoints (
    tenant_id uuid not null,
    projection text not null,
    generation integer not null,
    position bigint not null default 0,
    -- An event that cannot be folded parks the projection for this tenant until it is rebuilt.
    parked_position bigint,
    parked_reason text,
    parked_at timestamptz,
    primary key (tenant_id, projection, generation)
);

-- The generation that is live for a tenant; without a row it is the first.
create table weft.projection_live (
    tenant_id uuid not null,
    projection text not null,
    generation integer not null,
    primary key (tenant_id, projection)
);

do $$
declare
    made text;
    app text := 'weft_app_' || current_database();
begin
    foreach made in array array['projection_checkpoints', 'projection_live'] loop
        execute format('alter table weft.%I enable row level security', made);
        execute format('alter table weft.%I force row level security', made);
        execute format(
            'create policy tenant on weft.%I using (tenant_id = (select current_setting(''weft.tenant'', true)::uuid))', made);
        execute format(
            'create policy owner on weft.%I to %I using (true) with check (true)', made, 'weft_owner_' || current_database());
        execute format('grant select, insert, update, delete on weft.%I to %I', made, app);
    end loop;
end
$$;

-- Numbers of generations after the first.
create sequence weft.projection_generations start 2;

create function weft.projection_path(tenant uuid) returns text
language sql stable
as $$
    select string_agg('projections_g' || generation, ', ' order by generation desc) || ', weft'
    from (select 1 as generation union select generation from weft.projection_live where tenant_id = tenant) generations
$$;

-- Makes the tables of these projections in one generation, each with row-level security. Only weft_owner may.
create function weft.create_projection_generation(generation integer, projections text[]) returns void
language plpgsql
as $$
declare
    schema_name text := 'projections_g' || generation;
    app text := 'weft_app_' || current_database();
    projection text;
    made record;
begin
    execute format('create schema if not exists %I', schema_name);
    execute format('grant usage on schema %I to %I', schema_name, app);
    perform set_config('search_path', schema_name, true);
    foreach projection in array projections loop
        execute format('select projection_tables.%I()', projection);
    end loop;
    for made in
        select c.relname from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where n.nspname = schema_name and c.relkind = 'r' and not c.relrowsecurity
    loop
        execute format('alter table %I.%I enable row level security', schema_name, made.relname);
        execute format('alter table %I.%I force row level security', schema_name, made.relname);
        execute format(
            'create policy tenant on %I.%I using (tenant_id = (select current_setting(''weft.tenant'', true)::uuid))',
            schema_name, made.relname);
        execute format(
            'create policy owner on %I.%I to %I using (true) with check (true)',
            schema_name, made.relname, 'weft_owner_' || current_database());
        execute format('grant select, insert, update, delete on %I.%I to %I', schema_name, made.relname, app);
    end loop;
    perform set_config('search_path', 'weft', true);
end
$$;

-- Tenants whose log goes on after what one of these projections has folded; what is parked is left alone. For weft_system:
-- the slow poll that makes a lost wake-up cost only latency.
create function weft.projections_behind(names text[], at_most integer) returns setof uuid
language sql stable security definer set search_path = weft, pg_temp
as $$
    select h.tenant_id from log_heads h
    where exists (
        select from unnest(names) as n(projection)
        left join projection_live l on l.tenant_id = h.tenant_id and l.projection = n.projection
        left join projection_checkpoints c on c.tenant_id = h.tenant_id and c.projection = n.projection
            and c.generation = coalesce(l.generation, 1)
        where c.parked_position is null and coalesce(c.position, 0) < h.position
    )
    limit at_most
$$;

do $$
begin
    revoke all on function weft.projections_behind(text[], integer) from public;
    revoke all on function weft.create_projection_generation(integer, text[]) from public;
    execute format(
        'grant execute on function weft.projections_behind(text[], integer) to %I', 'weft_system_' || current_database());
end
$$;
