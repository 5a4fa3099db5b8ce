-- The tenant itself: see projections/src/tenant. The row is inserted first and completed in the same transaction.
create function projection_tables.tenant() returns void
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
        created_at timestamptz not null
    );
end
$$;
