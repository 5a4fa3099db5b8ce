-- Who can sign in. People exist apart from tenants (one person, many memberships) and are in no log, so that they can be
-- forgotten. No role reads these tables: every access is one of the functions below, as weft_system.

create table identities (
    identity_id uuid primary key,
    -- Normalised by the caller: trimmed and in lower case.
    email text not null,
    name text not null,
    -- PHC string (argon2id); null while the person has not chosen one.
    password_hash text,
    created_at timestamptz not null default now(),
    constraint identities_email unique (email)
);

create function create_identity(new_id uuid, new_email text, new_name text, new_hash text) returns boolean
    language sql security definer set search_path = weft, pg_temp as $$
    with made as (
        insert into identities (identity_id, email, name, password_hash) values (new_id, new_email, new_name, new_hash)
        on conflict (email) do nothing returning 1
    ) select exists (select from made)
$$;

create function identity_by_email(wanted text) returns setof identities
    language sql stable security definer set search_path = weft, pg_temp as $$
    select * from identities where email = wanted
$$;

create function identities_by_id(wanted uuid[]) returns table (identity_id uuid, email text, name text)
    language sql stable security definer set search_path = weft, pg_temp as $$
    select identity_id, email, name from identities where identity_id = any (wanted)
$$;

create function change_password(changed uuid, new_hash text) returns void
    language sql security definer set search_path = weft, pg_temp as $$
    update identities set password_hash = new_hash where identity_id = changed
$$;

call open_to_system('create_identity(uuid, text, text, text)');
call open_to_system('identity_by_email(text)');
call open_to_system('identities_by_id(uuid[])');
call open_to_system('change_password(uuid, text)');
