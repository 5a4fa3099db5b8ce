-- Payload partitions: many first appends to a month at once, and the items of executions that wait.

-- Which of the partitions there are is read from pg_class: the name lookup of to_regclass may answer from what this session
-- knew before it waited for the lock.
create or replace function ensure_payload_partition(in_moment timestamptz) returns void
language plpgsql security definer set search_path = weft, pg_temp as $$
declare
    month     timestamp := date_trunc('month', in_moment at time zone 'UTC');
    partition text      := 'payloads_' || to_char(date_trunc('month', in_moment at time zone 'UTC'), 'YYYY_MM');
begin
    if exists (select from pg_class where relname = partition and relnamespace = 'weft'::regnamespace) then
        return;
    end if;
    perform pg_advisory_xact_lock(hashtext('weft payload partitions'));
    if exists (select from pg_class where relname = partition and relnamespace = 'weft'::regnamespace) then
        return;
    end if;
    execute format('create table %I (like payloads including defaults including constraints including storage)', partition);
    call police(partition::regclass, '');
    execute format('alter table payloads attach partition %I for values from (%L) to (%L)',
                   partition, month at time zone 'UTC', (month + interval '1 month') at time zone 'UTC');
end $$;

-- The streams whose items must outlive their month: of executions that are at work, and of those that a timer wakes.
create view unfinished_streams as
    select tenant_id, execution_id as stream_id from open_executions
     union
    select tenant_id, stream_id from timers;

-- As before (0025), and the items of waiting executions are carried over too.
create or replace function drop_expired_payloads(in_now timestamptz) returns setof text
language plpgsql security definer set search_path = weft, pg_temp
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
                          from %I p join unfinished_streams u
                               on u.tenant_id = p.tenant_id and u.stream_id = p.stream_id
                        on conflict do nothing', partition) using kept_until;
        execute format('alter table payloads detach partition %I', partition);
        execute format('drop table %I', partition);
        return next partition;
    end loop;
    update blob_references b set expires_at = kept_until
      from unfinished_streams u
     where u.tenant_id = b.tenant_id and u.stream_id = b.stream_id and b.expires_at <= kept_until;
    delete from blob_references where expires_at <= in_now;
end $$;
