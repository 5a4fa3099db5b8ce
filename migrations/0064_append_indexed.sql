-- The append, at about five sixths of its cost. A good part of a small one is what PostgreSQL sets up for each statement and
-- expression of a call: so there are fewer of them, each array is indexed instead of being unnested into a table of its own, and the check that a batch is made once is done by the update that the batch ends with. Only a batch that
-- is sent again looks for the answers of its earlier call. What is written, and what a hash covers, are as 0061 says.

drop function append_events(uuid, bigint, uuid[], bytea[], integer[], uuid[], bytea[], integer[], integer[], integer[], integer[], "char"[], uuid[], uuid[], bigint[], integer[], uuid[], timestamptz[], bytea[], bytea[], integer[], integer[], text[], smallint[], bytea[], boolean[], bytea[], bytea[], jsonb[]);

-- in_again        whether the batch was sent before and its answer did not arrive
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
    in_writer uuid, in_batch bigint, in_again boolean,
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
    stamp           bytea;
    known           append_writers%rowtype;
    positions       bigint[];
    heads           bytea[];
    old_positions   bigint[];
    stream_versions integer[];
    old_versions    integer[];
    hashes          bytea[];
    slot            integer;
    stream_slot     integer;
    current         bigint;
    link_version    integer;
    head            bytea;
    refusal         jsonb;
    companions      jsonb[];
    companions_seen integer := 0;
    events_seen     integer := 0;
begin
    -- Heads are locked in the order of tenants, so two batches cannot wait for each other. A batch of one tenant is the usual
    -- case, and the cheap one.
    if cardinality(in_tenants) = 1 then
        select array[position], array[hash] into positions, heads
          from log_heads where tenant_id = in_tenants[1] for update;
    else
        select array_agg(h.position), array_agg(h.hash) into positions, heads
          from (select position, hash from log_heads where tenant_id = any (in_tenants) order by tenant_id for update) h;
    end if;
    if cardinality(positions) is distinct from cardinality(in_tenants) then
        insert into log_heads (tenant_id, position, hash)
        select t, 0, '\x0000000000000000000000000000000000000000000000000000000000000000' from unnest(in_tenants) t
         order by t
        on conflict do nothing;
        select array_agg(h.position), array_agg(h.hash) into positions, heads
          from (select position, hash from log_heads where tenant_id = any (in_tenants) order by tenant_id for update) h;
    end if;
    old_positions := positions;

    -- Only now: an earlier call of this batch has committed by the time that its locks are ours, or comes too late itself.
    if in_again then
        select * into known from append_writers where writer_id = in_writer;
        if known.batch = in_batch then
            firsts := known.firsts;
            versions := known.versions;
            refusals := known.refusals;
            return;
        end if;
    end if;

    -- The clock is read under the locks: times never run backwards along a log, as long as the clock itself does not.
    moment := clock_timestamp();
    stamp := timestamptz_send(moment);

    stream_versions := array(
        select coalesce(h.version, 0)
          from generate_series(1, cardinality(in_streams)) s
          left join stream_heads h on h.tenant_id = in_tenants[in_stream_tenants[s]] and h.stream_id = in_streams[s]
         order by s);
    old_versions := stream_versions;

    firsts := array_fill(null::bigint, array[cardinality(in_expected)]);
    versions := array_fill(0, array[cardinality(in_expected)]);
    refusals := array_fill(null::jsonb, array[cardinality(in_expected)]);
    hashes := array_fill(null::bytea, array[cardinality(in_event_requests)]);

    -- Who is refused, where everybody else's events go, and the chain, which can only be made one by one.
    for request in 1 .. cardinality(in_expected) loop
        stream_slot := in_request_streams[request];
        slot := in_stream_tenants[stream_slot];
        link_version := stream_versions[stream_slot];
        refusal := null;
        companions := null;
        if in_companion_counts[request] > 0 then
            companions := in_companions[companions_seen + 1 : companions_seen + in_companion_counts[request]];
            companions_seen := companions_seen + in_companion_counts[request];
        end if;
        if in_expected[request] >= 0 and in_expected[request] <> link_version then
            refusal := jsonb_build_object('kind', 'conflict', 'actual', link_version);
        elsif companions is not null then
            refusal := companion_refusal(in_tenants[slot], companions);
        end if;
        if refusal is null then
            current := positions[slot];
            firsts[request] := current + 1;
            if companions is not null then
                perform apply_companions(in_tenants[slot], in_streams[stream_slot], current + 1, companions);
            end if;
            head := heads[slot];
            for event in events_seen + 1 .. events_seen + in_event_counts[request] loop
                current := current + 1;
                link_version := link_version + 1;
                head := sha256(head || in_link_starts[slot] || int8send(current)
                               || in_link_streams[stream_slot] || int4send(link_version)
                               || in_link_types[event] || stamp || in_link_ends[event]);
                hashes[event] := head;
            end loop;
            heads[slot] := head;
            positions[slot] := current;
            stream_versions[stream_slot] := link_version;
            versions[request] := link_version;
        else
            refusals[request] := refusal;
        end if;
        events_seen := events_seen + in_event_counts[request];
    end loop;

    insert into events (tenant_id, position, stream_id, stream_version, type, type_version, recorded_at,
                        actor_type, actor_id, correlation_id, causation, body, payload_id, payload_digest, key_id, hash)
    select in_tenants[in_stream_tenants[in_request_streams[r]]], firsts[r] + in_event_ordinals[e] - 1,
           in_streams[in_request_streams[r]], versions[r] - in_event_counts[r] + in_event_ordinals[e],
           in_types[e], in_type_versions[e], moment,
           in_actor_types[r], in_actors[r], in_correlations[r], in_causations[r],
           in_bodies[e],
           case when in_uses_payload[e] then in_payloads[r] end,
           case when in_uses_payload[e] then in_payload_digests[r] end,
           in_keys[r], hashes[e]
      from generate_series(1, cardinality(in_event_requests)) e, lateral (values (in_event_requests[e])) of_request (r)
     where hashes[e] is not null;

    insert into payloads (tenant_id, payload_id, expires_at, stream_id, key_id, data)
    select in_tenants[in_stream_tenants[in_request_streams[r]]], in_payloads[r], in_payload_expiries[r],
           in_streams[in_request_streams[r]], in_keys[r], in_payload_data[r]
      from generate_series(1, cardinality(in_expected)) r
     where in_payloads[r] is not null and firsts[r] is not null;

    insert into stream_heads (tenant_id, stream_id, version)
    select in_tenants[in_stream_tenants[s]], in_streams[s], stream_versions[s]
      from generate_series(1, cardinality(in_streams)) s
     where stream_versions[s] <> old_versions[s]
    on conflict (tenant_id, stream_id) do update set version = excluded.version;

    with moved as (
        update log_heads h set position = positions[t], hash = heads[t]
          from generate_series(1, cardinality(in_tenants)) t
         where h.tenant_id = in_tenants[t] and positions[t] <> old_positions[t]
        returning h.tenant_id, h.position)
    insert into log_changes (tenant_id, position) select tenant_id, position from moved;

    -- Each batch of a writer is made once: whichever call of it comes here first. The other one, and a call that was overtaken
    -- by a later batch of its writer, are rolled back; asking again finds the answer.
    update append_writers w
       set batch = in_batch, firsts = append_events.firsts, versions = append_events.versions,
           refusals = append_events.refusals, seen_at = moment
     where w.writer_id = in_writer and w.batch < in_batch;
    if not found then
        insert into append_writers (writer_id, batch, firsts, versions, refusals, seen_at)
        values (in_writer, in_batch, append_events.firsts, append_events.versions, append_events.refusals, moment)
        on conflict do nothing;
        if not found then
            raise exception 'batch % of writer % is made already, or a later one', in_batch, in_writer
                using errcode = 'serialization_failure';
        end if;
    end if;
end $$;

call open_to_system('append_events(uuid, bigint, boolean, uuid[], bytea[], integer[], uuid[], bytea[], integer[], integer[], integer[], integer[], "char"[], uuid[], uuid[], bigint[], integer[], uuid[], timestamptz[], bytea[], bytea[], integer[], integer[], text[], smallint[], bytea[], boolean[], bytea[], bytea[], jsonb[])');
