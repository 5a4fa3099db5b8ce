-- Failed attempts to sign in, counted per key (an address's digest, an e-mail's digest) over a sliding window, for all
-- processes together. The rows hold digests only.

create unlogged table sign_in_attempts (
    key bytea primary key,
    failures integer not null,
    window_began timestamptz not null
);

-- Counts a failure and tells how many there were in the window.
create function count_sign_in_failure(counted bytea, length interval) returns integer
    language sql security definer set search_path = weft, pg_temp as $$
    insert into sign_in_attempts as attempts (key, failures, window_began) values (counted, 1, now())
    on conflict (key) do update set
        failures = case when attempts.window_began < now() - length then 1 else attempts.failures + 1 end,
        window_began = case when attempts.window_began < now() - length then now() else attempts.window_began end
    returning failures
$$;

-- The most failures of any of these keys in the window, and how long until the window of that one ends.
create function sign_in_failures(keys bytea[], length interval) returns table (failures integer, wait interval)
    language sql stable security definer set search_path = weft, pg_temp as $$
    select failures, window_began + length - now() from sign_in_attempts
    where key = any (keys) and window_began > now() - length order by failures desc limit 1
$$;

create function forget_sign_in_failures(keys bytea[], length interval) returns void
    language sql security definer set search_path = weft, pg_temp as $$
    delete from sign_in_attempts where key = any (keys) or window_began < now() - length
$$;

call open_to_system('count_sign_in_failure(bytea, interval)');
call open_to_system('sign_in_failures(bytea[], interval)');
call open_to_system('forget_sign_in_failures(bytea[], interval)');
