-- Usage per day: see projections/src/usage.
create function projection_tables.usage() returns void
language plpgsql
as $$
begin
    create table usage (
        tenant_id uuid not null,
        day date not null,
        executions bigint not null,
        steps bigint not null,
        code_ms bigint not null,
        primary key (tenant_id, day)
    ) with (fillfactor = 50);
end
$$;
