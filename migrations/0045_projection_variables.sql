-- Variables: see projections/src/variables.
create function projection_tables.variables() returns void
language plpgsql
as $$
begin
    create table variables (
        tenant_id uuid not null,
        variable_id uuid not null,
        position bigint not null,
        name text not null,
        -- a JSON string, since a text column takes no NUL
        value json not null,
        changed_at timestamptz not null,
        primary key (tenant_id, variable_id)
    );
    create index variables_by_name on variables (tenant_id, (name collate "C"));
end
$$;
