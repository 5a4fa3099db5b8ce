-- Members: see projections/src/members. Names and addresses are of identities.
create function projection_tables.members() returns void
language plpgsql
as $$
begin
    create table members (
        tenant_id uuid not null,
        member_id uuid not null,
        position bigint not null,
        identity_id uuid not null,
        role text not null,
        joined_at timestamptz not null,
        removed_at timestamptz,
        primary key (tenant_id, member_id)
    );
    create index members_by_joining on members (tenant_id, joined_at, member_id) where removed_at is null;
end
$$;
