-- The audit log: see projections/src/audit.
create function projection_tables.audit() returns void
language plpgsql
as $$
begin
    create table audit (
        tenant_id uuid not null,
        position bigint not null,
        at timestamptz not null,
        actor text not null,
        action text not null,
        subject_id uuid not null,
        label json,
        detail json not null,
        primary key (tenant_id, position)
    );
end
$$;
