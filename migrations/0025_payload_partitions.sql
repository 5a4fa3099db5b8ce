-- Payloads live in the partition of the month in which they expire, and leave with it.

-- The partition for payloads that expire in the month of that moment (UTC). Attaching a ready table locks out neither
-- readers nor appends, as `create table … partition of` would.
create function ensure_payload_partition(in_moment timestamptz) returns void
language plpgsql security definer set search_path = weft, pg_temp as $$
declare
    month     timestamp := date_trunc('month', in_moment at time zone 'UTC');
    partition text      := 'payloads_' || to_char(date_trunc('month', in_moment at time zone 'UTC'), 'YYYY_MM');
begin
    if to_regclass('weft.' || partition) is not null then
        return;
    end if;
    perform pg_advisory_xact_lock(hashtext('weft payload partitions'));
    if to_regclass('weft.' || partition) is not null then
        return;
    end if;
    execute format('create table %I (like payloads including defaults including constraints including storage)', partition);
    call police(partition::regclass, '');
    execute format('alter table payloads attach partition %I for values from (%L) to (%L)',
                   partition, month at time zone 'UTC', (month + interval '1 month') at time zone 'UTC');
end $$;

-- The partitions of this month and the next ones.
create function prepare_payload_partitions(in_now timestamptz, in_months integer) returns void
language sql security definer set search_path = weft, pg_temp as $$
    select ensure_payload_partition(in_now + ahead * interval '1 month') from generate_series(0, in_months) ahead
$$;

-- Drops the partitions whose month is over. Payloads of executions that have not ended are carried over into the month
-- after in_now first. Returns the names of the dropped partitions.
create function drop_expired_payloads(in_now timestamptz) returns setof text
language plpgsql security definer set search_path = weft, pg_temp
  -- Detaching locks everybody out for a moment; rather later than behind a long transaction that all others wait for then.
  set lock_timeout = '2s' as $$
declare
    partition text;
    kept_until timestamptz := in_now + interval '1 month';
begin
    perform ensure_payload_partition(kept_until);
    for partition in
        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
         where i.inhparent = 'weft.payloads'::regclass and c.relname ~ '^payloads_\d{4}_\d{2}$'
           and to_timestamp(right(c.relname, 7) || ' +00', 'YYYY_MM TZH') + interval '1 month' <= in_now
         order by c.relname
    loop
        execute format('insert into payloads (tenant_id, payload_id, expires_at, stream_id, key_id, data)
                        select p.tenant_id, p.payload_id, $1, p.stream_id, p.key_id, p.data
                          from %I p join open_executions o
                               on o.tenant_id = p.tenant_id and o.execution_id = p.stream_id
                        on conflict do nothing', partition) using kept_until;
        execute format('alter table payloads detach partition %I', partition);
        execute format('drop table %I', partition);
        return next partition;
    end loop;
    update blob_references b set expires_at = kept_until
      from open_executions o
     where o.tenant_id = b.tenant_id and o.execution_id = b.stream_id and b.expires_at <= kept_until;
    delete from blob_references where expires_at <= in_now;
end $$;

-- Forgets what has served: changes that every process has polled, writers of processes that are gone, workers that died,
-- idempotency keys after two days.
create function sweep_log() returns void
language sql security definer set search_path = weft, pg_temp as $$
    delete from log_changes where recorded_at < now() - interval '10 minutes';
    delete from append_writers where seen_at < now() - interval '1 day';
    delete from workers where heartbeat_at < now() - interval '1 day';
    delete from idempotency_keys where recorded_at < now() - interval '2 days';
$$;

-- Which of these blobs of a tenant a payload still refers to.
create function referenced_blobs(in_tenant uuid, in_digests bytea[]) returns setof bytea
language sql stable security definer set search_path = weft, pg_temp as $$
    select digest from blob_references where tenant_id = in_tenant and digest = any (in_digests)
$$;

call open_to_system('ensure_payload_partition(timestamptz)');
call open_to_system('prepare_payload_partitions(timestamptz, integer)');
call open_to_system('drop_expired_payloads(timestamptz)');
call open_to_system('sweep_log()');
call open_to_system('referenced_blobs(uuid, bytea[])');
