-- The read side: how far each projection has folded, and where its rows lie.
--
-- The tables of a projection are made by a function of its own in schema projection_tables, so that any generation can be made
-- at any time: migrations 0041 and after define one function each. A generation is a schema projections_g<number> that holds
-- the tables of one or more projections. Queries are unqualified; a transaction's search_path names the generations that are
-- live for its tenant, newest first, so that a rebuilt table hides its older self.

create schema projection_tables;

create table projection_checkpoints (
    tenant_id uuid not null,
    projection text not null,
    generation integer not null,
    position bigint not null default 0,
    parked_position bigint,
    parked_reason text,
    parked_at timestamptz,
    primary key (tenant_id, projection, generation)
) with (fillfactor = 50);
comment on column projection_checkpoints.parked_position is
    'An event that cannot be folded: it parks the projection for this tenant until it is rebuilt.';
call police('projection_checkpoints', 'select, insert, update, delete');

-- The generation that is live for a tenant; without a row it is the first.
create table projection_live (
    tenant_id uuid not null,
    projection text not null,
    generation integer not null,
    primary key (tenant_id, projection)
);
call police('projection_live', 'select, insert, update, delete');

-- Which projection a table of a generation belongs to, since one projection may have several tables.
create table projection_tables (
    generation integer not null,
    table_name text not null,
    projection text not null,
    primary key (generation, table_name)
);

-- Numbers of generations after the first.
create sequence projection_generations start 2;

-- What a transaction that reads or folds a tenant's rows looks names up in.
create function projection_path(of_tenant uuid) returns text
language sql stable
as $$
    select string_agg('projections_g' || generation, ', ' order by generation desc) || ', weft'
    from (select 1 as generation
          union select l.generation from weft.projection_live l where l.tenant_id = of_tenant) generations
$$;
grant execute on function projection_path(uuid) to weft_app;

-- Makes the tables of these projections in one generation. Only weft_owner may.
create function create_projection_generation(in_generation integer, projections text[]) returns void
language plpgsql
as $$
declare
    schema_name text := 'projections_g' || in_generation;
    in_projection text;
    made record;
begin
    call weft.open_generation(schema_name::name);
    foreach in_projection in array projections loop
        perform set_config('search_path', schema_name, true);
        execute format('select projection_tables.%I()', in_projection);
        perform set_config('search_path', 'weft', true);
        for made in
            select c.oid::regclass as relation, c.relname from pg_catalog.pg_class c
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where n.nspname = schema_name and c.relkind = 'r' and not c.relrowsecurity
        loop
            call weft.police(made.relation, 'select, insert, update, delete');
            insert into weft.projection_tables (generation, table_name, projection)
            values (in_generation, made.relname, in_projection);
        end loop;
    end loop;
end
$$;

-- Deletes what these tenants' live generations have replaced, and drops generations that hold nothing for anybody.
create function retire_projection_generations(tenants uuid[]) returns void
language plpgsql
as $$
declare
    old record;
begin
    for old in select t.* from weft.projection_tables t loop
        execute format(
            'delete from %I.%I r using weft.projection_live l where r.tenant_id = any($1) and l.tenant_id = r.tenant_id '
            'and l.projection = $2 and l.generation > $3',
            'projections_g' || old.generation, old.table_name)
        using tenants, old.projection, old.generation;
    end loop;
    for old in
        select distinct t.generation from weft.projection_tables t
        where t.generation > 1
          and t.generation < (select last_value from weft.projection_generations)
          and not exists (select from weft.projection_live l where l.generation = t.generation)
    loop
        execute format('drop schema %I cascade', 'projections_g' || old.generation);
        delete from weft.projection_tables where generation = old.generation;
        delete from weft.projection_checkpoints where generation = old.generation;
    end loop;
end
$$;

-- Tenants whose log goes on after what one of these projections has folded; what is parked is left alone. The slow poll that
-- makes a lost wake-up cost only latency.
create function projections_behind(names text[], at_most integer) returns setof uuid
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
call open_to_system('projections_behind(text[], integer)');
