-- Tenants, their hosts and their members: what every request asks before anything else. Rows of tenants and memberships
-- are companions of the append that creates or changes a tenant or a member.

create table tenants (
    tenant_id uuid primary key,
    slug text not null,
    name text not null,
    product_name text not null,
    accent_color text not null,
    logo_url text,
    created_at timestamptz not null default now(),
    constraint tenants_slug unique (slug)
);
call police('tenants', 'select');

-- The host names that a tenant proved to be its own; `<slug>.<base host>` needs no row.
create table hosts (
    host text primary key,
    tenant_id uuid not null references tenants on delete cascade,
    verified_at timestamptz not null default now()
);
create index hosts_tenant on hosts (tenant_id);
call police('hosts', 'select');

create table memberships (
    tenant_id uuid not null,
    member_id uuid not null,
    identity_id uuid not null references identities,
    role text not null check (role in ('owner', 'admin', 'editor', 'operator', 'viewer')),
    joined_at timestamptz not null default now(),
    primary key (tenant_id, member_id),
    constraint memberships_identity unique (tenant_id, identity_id)
);
create index memberships_of_identity on memberships (identity_id);
call police('memberships', 'select');

-- The companions. They run inside append_events, with its rights.
create function apply_tenant_profile(tenant uuid, companion jsonb) returns void language sql set search_path = weft, pg_temp as $$
    insert into tenants (tenant_id, slug, name, product_name, accent_color, logo_url)
    values (tenant, companion ->> 'slug', companion ->> 'name', companion ->> 'productName', companion ->> 'accentColor', companion ->> 'logoUrl')
    on conflict (tenant_id) do update set
        name = excluded.name, product_name = excluded.product_name, accent_color = excluded.accent_color, logo_url = excluded.logo_url
$$;

create function apply_membership(tenant uuid, companion jsonb) returns void language sql set search_path = weft, pg_temp as $$
    insert into memberships (tenant_id, member_id, identity_id, role)
    values (tenant, (companion ->> 'member')::uuid, (companion ->> 'identity')::uuid, companion ->> 'role')
    on conflict (tenant_id, member_id) do update set role = excluded.role
$$;

create function drop_membership(tenant uuid, companion jsonb) returns void language sql set search_path = weft, pg_temp as $$
    delete from memberships where tenant_id = tenant and member_id = (companion ->> 'member')::uuid
$$;

-- What weft_system asks.
create function tenant_by_slug(wanted text) returns setof tenants
    language sql stable security definer set search_path = weft, pg_temp as $$
    select * from tenants where slug = wanted
$$;

create function tenant_by_host(wanted text) returns setof tenants
    language sql stable security definer set search_path = weft, pg_temp as $$
    select tenants.* from hosts join tenants using (tenant_id) where hosts.host = wanted
$$;

create function add_host(tenant uuid, new_host text) returns boolean
    language sql security definer set search_path = weft, pg_temp as $$
    with made as (
        insert into hosts (host, tenant_id) values (new_host, tenant) on conflict (host) do nothing returning 1
    ) select exists (select from made) or exists (select from hosts where host = new_host and tenant_id = tenant)
$$;

create function all_tenants() returns setof tenants
    language sql stable security definer set search_path = weft, pg_temp as $$
    select * from tenants order by slug
$$;

create function membership_of(tenant uuid, identity uuid) returns table (member_id uuid, role text)
    language sql stable security definer set search_path = weft, pg_temp as $$
    select member_id, role from memberships where tenant_id = tenant and identity_id = identity
$$;

call open_to_system('tenant_by_slug(text)');
call open_to_system('tenant_by_host(text)');
call open_to_system('add_host(uuid, text)');
call open_to_system('all_tenants()');
call open_to_system('membership_of(uuid, uuid)');
