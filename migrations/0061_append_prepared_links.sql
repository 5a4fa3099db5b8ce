-- The append, with links that its caller prepares. A hash covers what 0023 says, byte for byte; only who puts the bytes together
-- has changed: nearly all of them are known before the call, and making them here was a fifth of its work. A caller that
-- prepares a wrong link is found by `weft log verify`, which builds the link from the stored columns.

drop function append_events(uuid, bigint, uuid[], integer[], uuid[], integer[], integer[], integer[], integer[], "char"[], uuid[], uuid[], bigint[], integer[], uuid[], timestamptz[], bytea[], bytea[], integer[], integer[], text[], smallint[], bytea[], bytea[], boolean[], jsonb[]);
drop function event_link(uuid, bigint, uuid, integer, text, smallint, timestamptz, "char", uuid, uuid, bigint, uuid, integer, bytea, bytea);

-- in_tenants      the tenants of the batch, ascending
-- in_streams      its streams; in_stream_tenants says whose (index into in_tenants)
-- in_request_*    one element a request, in the order of their tenants; a request's stream is an index into in_streams,
--                 in_expected is the stream's version that it insists on, -1 for any; in_event_counts and
--                 in_companion_counts say how many events and companions it has
-- in_event_*      the events of all requests, in order; in_event_requests is an index into the requests,
--                 in_event_ordinals counts from 1 in each request
-- in_link_*       the bytes of each event's link between the three values that are only known here: what comes before the
--                 position (one element a tenant), before the stream's version (one a stream), before the time and after
--                 it (one an event)
-- in_companions   the companions of all requests, in order
--
-- firsts          per request the position of its first event, null when it was refused
-- versions        per request the version of its stream afterwards
-- refusals        per refused request why: an object with a "kind"
create function append_events(
    in_writer uuid, in_batch bigint,
    in_tenants uuid[],
    in_link_starts bytea[], in_stream_tenants integer[], in_streams uuid[], in_link_streams bytea[],
    in_request_streams integer[], in_expected integer[], in_event_counts integer[], in_companion_counts integer[],
    in_actor_types "char"[], in_actors uuid[], in_correlations uuid[], in_causations bigint[], in_keys integer[],
    in_payloads uuid[], in_payload_expiries timestamptz[], in_payload_data bytea[],
    in_payload_digests bytea[],
    in_event_requests integer[], in_event_ordinals integer[], in_types text[], in_type_versions smallint[],
    in_bodies bytea[], in_uses_payload boolean[], in_link_types bytea[], in_link_ends bytea[],
    in_companions jsonb[],
    out firsts bigint[], out versions integer[], out refusals jsonb[]
) language plpgsql security definer set search_path = weft, pg_temp
  -- Plans are made once a session, perhaps while the tables are still empty: they must be those for full ones.
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
    moment          timestamptz;
    known           append_writers%rowtype;
    positions       bigint[];
    heads           bytea[];
    old_positions   bigint[];
    stream_versions integer[];
    old_versions    integer[];
    tenants         uuid[];
    streams         uuid[];
    first_versions  integer[];
    hashes          bytea[];
    tenant          integer := 0;
    slot            integer;
    stream_slot     integer;
    current         bigint;
    link_version    integer;
    head            bytea;
    link_start      bytea;
    link_stream     bytea;
    stamp           bytea;
    refusal         jsonb;
    companion_count integer;
    companions_seen integer := 0;
    events_seen     integer := 0;
begin
    -- Each batch of a writer is made once: the second call of a batch waits for the first and gives the same answer, and a
    -- call that was overtaken by a later batch of its writer fails.
    select * into known from append_writers where writer_id = in_writer for update;
    if not found then
        insert into append_writers (writer_id, batch) values (in_writer, 0) on conflict do nothing;
        select * into known from append_writers where writer_id = in_writer for update;
    end if;
    if known.batch >= in_batch then
        if known.batch > in_batch then
            raise exception 'batch % of writer % comes after batch %', in_batch, in_writer, known.batch
                using errcode = 'object_not_in_prerequisite_state';
        end if;
        firsts := known.firsts;
        versions := known.versions;
        refusals := known.refusals;
        return;
    end if;

    -- Heads are locked in the order of tenants, so two batches cannot wait for each other.
    select array_agg(h.position), array_agg(h.hash) into positions, heads
      from (select position, hash from log_heads where tenant_id = any (in_tenants) order by tenant_id for update) h;
    if cardinality(positions) is distinct from cardinality(in_tenants) then
        insert into log_heads (tenant_id, position, hash)
        select t, 0, '\x0000000000000000000000000000000000000000000000000000000000000000' from unnest(in_tenants) t
         order by t
        on conflict do nothing;
        select array_agg(h.position), array_agg(h.hash) into positions, heads
          from (select position, hash from log_heads where tenant_id = any (in_tenants) order by tenant_id for update) h;
    end if;
    old_positions := positions;
    -- The clock is read under the locks: times never run backwards along a log, as long as the clock itself does not.
    moment := clock_timestamp();

    select array_agg(coalesce(h.version, 0) order by s.n) into stream_versions
      from unnest(in_stream_tenants, in_streams) with ordinality s (tenant, id, n)
      left join stream_heads h on h.tenant_id = in_tenants[s.tenant] and h.stream_id = s.id;
    old_versions := stream_versions;

    firsts := array_fill(null::bigint, array[cardinality(in_expected)]);
    versions := array_fill(0, array[cardinality(in_expected)]);
    refusals := array_fill(null::jsonb, array[cardinality(in_expected)]);
    -- What every event of a request needs is looked up once a request.
    tenants := array_fill(null::uuid, array[cardinality(in_expected)]);
    streams := tenants;
    first_versions := versions;

    -- Who is refused, and where everybody else's events go.
    for request in 1 .. cardinality(in_expected) loop
        stream_slot := in_request_streams[request];
        slot := in_stream_tenants[stream_slot];
        companion_count := in_companion_counts[request];
        refusal := null;
        if in_expected[request] >= 0 and in_expected[request] <> stream_versions[stream_slot] then
            refusal := jsonb_build_object('kind', 'conflict', 'actual', stream_versions[stream_slot]);
        elsif companion_count > 0 then
            refusal := companion_refusal(
                in_tenants[slot], in_companions[companions_seen + 1 : companions_seen + companion_count]);
        end if;
        if refusal is null then
            current := positions[slot] + 1;
            firsts[request] := current;
            positions[slot] := current + in_event_counts[request] - 1;
            stream_versions[stream_slot] := stream_versions[stream_slot] + in_event_counts[request];
            versions[request] := stream_versions[stream_slot];
            tenants[request] := in_tenants[slot];
            streams[request] := in_streams[stream_slot];
            first_versions[request] := versions[request] - in_event_counts[request];
            if companion_count > 0 then
                perform apply_companions(
                    in_tenants[slot], in_streams[stream_slot], current,
                    in_companions[companions_seen + 1 : companions_seen + companion_count]);
            end if;
        else
            refusals[request] := refusal;
        end if;
        companions_seen := companions_seen + companion_count;
    end loop;

    -- The chain can only be made one by one.
    stamp := timestamptz_send(moment);
    hashes := array_fill(null::bytea, array[cardinality(in_event_requests)]);
    for request in 1 .. cardinality(in_expected) loop
        if firsts[request] is not null then
            stream_slot := in_request_streams[request];
            slot := in_stream_tenants[stream_slot];
            if slot <> tenant then
                if tenant > 0 then
                    heads[tenant] := head;
                end if;
                tenant := slot;
                head := heads[tenant];
                link_start := in_link_starts[tenant];
            end if;
            link_stream := in_link_streams[stream_slot];
            current := firsts[request];
            link_version := first_versions[request];
            for event in events_seen + 1 .. events_seen + in_event_counts[request] loop
                link_version := link_version + 1;
                head := sha256(head || link_start || int8send(current) || link_stream || int4send(link_version)
                               || in_link_types[event] || stamp || in_link_ends[event]);
                hashes[event] := head;
                current := current + 1;
            end loop;
        end if;
        events_seen := events_seen + in_event_counts[request];
    end loop;
    if tenant > 0 then
        heads[tenant] := head;
    end if;

    insert into events (tenant_id, position, stream_id, stream_version, type, type_version, recorded_at,
                        actor_type, actor_id, correlation_id, causation, body, payload_id, payload_digest, key_id, hash)
    select tenants[e.request], firsts[e.request] + e.ordinal - 1,
           streams[e.request], first_versions[e.request] + e.ordinal,
           e.type, e.type_version, moment,
           in_actor_types[e.request], in_actors[e.request],
           in_correlations[e.request], in_causations[e.request],
           e.body,
           case when e.uses_payload then in_payloads[e.request] end,
           case when e.uses_payload then in_payload_digests[e.request] end,
           in_keys[e.request], e.hash
      from unnest(in_event_requests, in_event_ordinals, in_types, in_type_versions, in_bodies, in_uses_payload, hashes)
           e (request, ordinal, type, type_version, body, uses_payload, hash)
     where e.hash is not null;

    insert into payloads (tenant_id, payload_id, expires_at, stream_id, key_id, data)
    select in_tenants[in_stream_tenants[r.stream]], r.payload, r.expires_at, in_streams[r.stream], r.key, r.data
      from unnest(in_request_streams, in_payloads, in_payload_expiries, in_keys, in_payload_data, firsts)
           r (stream, payload, expires_at, key, data, first)
     where r.payload is not null and r.first is not null;

    insert into stream_heads (tenant_id, stream_id, version)
    select in_tenants[s.tenant], s.id, s.version
      from unnest(in_stream_tenants, in_streams, stream_versions, old_versions) s (tenant, id, version, old_version)
     where s.version <> s.old_version
    on conflict (tenant_id, stream_id) do update set version = excluded.version;

    update log_heads h set position = t.position, hash = t.hash
      from unnest(in_tenants, positions, old_positions, heads) t (id, position, old_position, hash)
     where h.tenant_id = t.id and t.position <> t.old_position;

    insert into log_changes (tenant_id, position)
    select t.id, t.position from unnest(in_tenants, positions, old_positions) t (id, position, old_position)
     where t.position <> t.old_position;

    update append_writers w
       set batch = in_batch, firsts = append_events.firsts, versions = append_events.versions,
           refusals = append_events.refusals, seen_at = moment
     where w.writer_id = in_writer;
end $$;

call open_to_system('append_events(uuid, bigint, uuid[], bytea[], integer[], uuid[], bytea[], integer[], integer[], integer[], integer[], "char"[], uuid[], uuid[], bigint[], integer[], uuid[], timestamptz[], bytea[], bytea[], integer[], integer[], text[], smallint[], bytea[], boolean[], bytea[], bytea[], jsonb[])');
