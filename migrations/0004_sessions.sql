-- Sessions: one row per sign-in, and the refresh tokens that were given out for it. A token is stored as its SHA-256
-- digest and used once; using one again ends the whole session, since somebody copied it.

create table sessions (
    session_id uuid primary key,
    tenant_id uuid not null,
    member_id uuid not null,
    identity_id uuid not null references identities on delete cascade,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    ended_at timestamptz
);
create index sessions_identity on sessions (identity_id);
create index sessions_expiry on sessions (expires_at);
call police('sessions', '');

create table refresh_tokens (
    digest bytea primary key,
    session_id uuid not null references sessions on delete cascade,
    issued_at timestamptz not null default now(),
    used_at timestamptz
);
create index refresh_tokens_session on refresh_tokens (session_id);

create function open_session(new_id uuid, tenant uuid, member uuid, identity uuid, lifetime interval, first_token bytea) returns void
    language plpgsql security definer set search_path = weft, pg_temp as $$
begin
    -- Each sign-in clears away a few that are over.
    delete from sessions where session_id in (select session_id from sessions where expires_at < now() limit 100);
    insert into sessions (session_id, tenant_id, member_id, identity_id, expires_at) values (new_id, tenant, member, identity, now() + lifetime);
    insert into refresh_tokens (digest, session_id) values (first_token, new_id);
end $$;

-- Exchanges a token for the next one. Two requests of one browser may refresh at the same moment (two tabs): the loser of
-- that race, within `grace`, gets the outcome 'raced' and keeps what the winner was given; after that it is 'reused'.
create function rotate_refresh_token(old_token bytea, next_token bytea, tenant uuid, grace interval)
    returns table (outcome text, session_id uuid, member_id uuid, identity_id uuid)
    language plpgsql security definer set search_path = weft, pg_temp as $$
#variable_conflict use_column
declare
    token refresh_tokens;
    session sessions;
begin
    select * into token from refresh_tokens where digest = old_token for update;
    if not found then
        return query select 'unknown', null::uuid, null::uuid, null::uuid;
        return;
    end if;
    select * into session from sessions where sessions.session_id = token.session_id for update;
    outcome := case
        when session.tenant_id <> tenant then 'foreign'
        when session.ended_at is not null then 'ended'
        when session.expires_at < now() then 'expired'
        when token.used_at is not null and token.used_at > now() - grace then 'raced'
        when token.used_at is not null then 'reused'
        else 'rotated'
    end;
    if outcome = 'rotated' then
        update refresh_tokens set used_at = now() where digest = old_token;
        insert into refresh_tokens (digest, session_id) values (next_token, session.session_id);
    elsif outcome in ('reused', 'foreign') then
        update sessions set ended_at = coalesce(ended_at, now()) where sessions.session_id = session.session_id;
    end if;
    return query select outcome, session.session_id, session.member_id, session.identity_id;
end $$;

create function end_session(ended uuid) returns void
    language sql security definer set search_path = weft, pg_temp as $$
    update sessions set ended_at = now() where session_id = ended and ended_at is null
$$;

create function end_sessions_of_member(tenant uuid, member uuid) returns void
    language sql security definer set search_path = weft, pg_temp as $$
    update sessions set ended_at = now() where tenant_id = tenant and member_id = member and ended_at is null
$$;

-- What a request with a session needs to know, in one look: whether the session goes on, and the member's role now.
create function session_state(tenant uuid, wanted uuid) returns table (member_id uuid, identity_id uuid, role text)
    language sql stable security definer set search_path = weft, pg_temp as $$
    select memberships.member_id, memberships.identity_id, memberships.role
    from sessions
    join memberships on memberships.tenant_id = sessions.tenant_id and memberships.member_id = sessions.member_id
    where sessions.session_id = wanted and sessions.tenant_id = tenant
        and sessions.ended_at is null and sessions.expires_at > now()
$$;

call open_to_system('open_session(uuid, uuid, uuid, uuid, interval, bytea)');
call open_to_system('rotate_refresh_token(bytea, bytea, uuid, interval)');
call open_to_system('end_session(uuid)');
call open_to_system('end_sessions_of_member(uuid, uuid)');
call open_to_system('session_state(uuid, uuid)');
