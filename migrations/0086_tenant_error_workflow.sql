-- The workflow that is executed when an execution of one fails that names none itself: a column of the read model `tenant`, in
-- every generation there is and in those to come.
do $$
declare
    made record;
begin
    for made in select t.generation from weft.projection_tables t where t.projection = 'tenant' and t.table_name = 'tenant' loop
        execute format('alter table %I.tenant add column error_workflow uuid', 'projections_g' || made.generation);
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
        error_workflow uuid
    );
end
$$;
