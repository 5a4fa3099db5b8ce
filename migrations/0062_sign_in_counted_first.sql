-- An attempt to sign in is counted before the password is looked at, so that a thousand guesses at once are not all let
-- through by a look at the same count; who succeeds is given back what was counted. And sessions that end by other means
-- than their access token.

-- Counts an attempt for every key and tells nothing, or, where a key has had its limit, counts none and tells how long to
-- wait. Rows are locked in the order of the keys, the widest first, by this function and the next: no two wait for each
-- other.
create function begin_sign_in(keys bytea[], limits integer[], length interval) returns interval
    language plpgsql security definer set search_path = weft, pg_temp as $$
declare
    counted integer;
    began timestamptz;
begin
    for place in 1 .. cardinality(keys) loop
        insert into sign_in_attempts as attempts (key, failures, window_began) values (keys[place], 1, now())
        on conflict (key) do update set
            failures = case when attempts.window_began < now() - length then 1 else attempts.failures + 1 end,
            window_began = case when attempts.window_began < now() - length then now() else attempts.window_began end
        returning failures, window_began into counted, began;
        if counted > limits[place] then
            update sign_in_attempts set failures = greatest(failures - 1, 0) where key = any (keys[1:place]);
            return greatest(began + length - now(), interval '1 second');
        end if;
    end loop;
    return null;
end $$;

-- Gives back what was counted for `uncounted` and forgets `forgotten`, then clears away a few that are over.
create function forgive_sign_in(uncounted bytea[], forgotten bytea[], length interval) returns void
    language plpgsql security definer set search_path = weft, pg_temp as $$
begin
    update sign_in_attempts set failures = greatest(failures - 1, 0) where key = any (uncounted);
    delete from sign_in_attempts where key = any (forgotten);
    delete from sign_in_attempts where key in (
        select key from sign_in_attempts where window_began < now() - length limit 100 for update skip locked
    );
end $$;

-- For a browser whose access token is over: the refresh token names the session too. The tenant must be the session's.
create function end_session_of_refresh_token(token bytea, tenant uuid) returns uuid
    language sql security definer set search_path = weft, pg_temp as $$
    update sessions set ended_at = coalesce(ended_at, now())
    where session_id = (select session_id from refresh_tokens where digest = token) and tenant_id = tenant
    returning session_id
$$;

-- Every session of a person in every tenant, but the one that is kept (null: none is).
create function end_sessions_of_identity(identity uuid, kept uuid) returns void
    language sql security definer set search_path = weft, pg_temp as $$
    update sessions set ended_at = now()
    where identity_id = identity and ended_at is null and session_id is distinct from kept
$$;

call open_to_system('begin_sign_in(bytea[], integer[], interval)');
call open_to_system('forgive_sign_in(bytea[], bytea[], interval)');
call open_to_system('end_session_of_refresh_token(bytea, uuid)');
call open_to_system('end_sessions_of_identity(uuid, uuid)');

-- What the first two took the place of.
drop function count_sign_in_failure(bytea, interval);
drop function sign_in_failures(bytea[], interval);
drop function forget_sign_in_failures(bytea[], interval);
