-- Credentials: see projections/src/credentials. Their secrets are in weft.secrets and in no read model.
create function projection_tables.credentials() returns void
language plpgsql
as $$
begin
    create table credentials (
        tenant_id uuid not null,
        credential_id uuid not null,
        position bigint not null,
        name text not null,
        sort_name text not null,
        kind text not null,
        version integer not null,
        created_at timestamptz not null,
        changed_at timestamptz not null,
        test_outcome text,
        tested_at timestamptz,
        used_at timestamptz,
        primary key (tenant_id, credential_id)
    );
    create index credentials_by_name on credentials (tenant_id, (sort_name collate "C"), credential_id);
end
$$;

select weft.create_projection_generation(1, array['credentials']);
