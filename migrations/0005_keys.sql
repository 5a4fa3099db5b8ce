-- Keys. A tenant's data key encrypts its log and its secrets; it is stored wrapped under the installation's master key.
-- Destroying a tenant's rows here makes what they encrypted unreadable for ever, and breaks no hash chain.

create table tenant_keys (
    tenant_id uuid not null,
    key_id integer not null check (key_id > 0),
    -- Format byte, nonce, ciphertext and tag; made and opened by the caller.
    wrapped bytea not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, key_id)
);
call police('tenant_keys', '');

-- Proves that a master key is the one this database was made with, without revealing it.
create table master_key_checks (
    only_row boolean primary key default true check (only_row),
    proof bytea not null
);

-- Signs access tokens. What signs is derived from the master key and this salt, so the row alone forges nothing.
create table signing_keys (
    key_id text primary key,
    salt bytea not null,
    created_at timestamptz not null default now(),
    retired_at timestamptz
);

-- The first key of a tenant wins; whoever comes second is given that one.
create function add_tenant_key(tenant uuid, new_key integer, new_wrapped bytea) returns bytea
    language plpgsql security definer set search_path = weft, pg_temp as $$
begin
    insert into tenant_keys (tenant_id, key_id, wrapped) values (tenant, new_key, new_wrapped) on conflict do nothing;
    return (select wrapped from tenant_keys where tenant_id = tenant and key_id = new_key);
end $$;

create function tenant_keys_of(tenant uuid) returns table (key_id integer, wrapped bytea)
    language sql stable security definer set search_path = weft, pg_temp as $$
    select key_id, wrapped from tenant_keys where tenant_id = tenant order by key_id
$$;

-- Keeps the first proof and gives back the one that is kept.
create function prove_master_key(offered bytea) returns bytea
    language plpgsql security definer set search_path = weft, pg_temp as $$
begin
    insert into master_key_checks (proof) values (offered) on conflict do nothing;
    return (select proof from master_key_checks);
end $$;

create function add_signing_key(new_id text, new_salt bytea) returns void
    language sql security definer set search_path = weft, pg_temp as $$
    insert into signing_keys (key_id, salt) values (new_id, new_salt)
$$;

-- Keys that still verify: all that were retired no longer than `overlap` ago. The newest that is not retired signs.
create function signing_keys_in_use(overlap interval) returns table (key_id text, salt bytea, created_at timestamptz, retired boolean)
    language sql stable security definer set search_path = weft, pg_temp as $$
    select key_id, salt, created_at, retired_at is not null from signing_keys
    where retired_at is null or retired_at > now() - overlap order by created_at desc
$$;

create function retire_signing_keys(except_id text) returns void
    language sql security definer set search_path = weft, pg_temp as $$
    update signing_keys set retired_at = now() where key_id <> except_id and retired_at is null
$$;

call open_to_system('add_tenant_key(uuid, integer, bytea)');
call open_to_system('tenant_keys_of(uuid)');
call open_to_system('prove_master_key(bytea)');
call open_to_system('add_signing_key(text, bytea)');
call open_to_system('signing_keys_in_use(interval)');
call open_to_system('retire_signing_keys(text)');
