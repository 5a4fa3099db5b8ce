-- How tables are closed and functions opened. The words weft_owner, weft_app and weft_system stand for the real roles,
-- whose names end in the database's name; the runner puts those in. This schema is weft_owner's, and every role's
-- search_path is this schema alone.

-- A function is nobody's until a migration opens it.
alter default privileges for role weft_owner revoke execute on functions from public;

grant usage on schema weft to weft_app, weft_system;

-- The tenant of the running transaction, which tenants/scope sets; null outside of one.
create function current_tenant() returns uuid language sql stable parallel safe
    return nullif(current_setting('weft.tenant', true), '')::uuid;

grant execute on function current_tenant() to weft_app;

-- Closes a table that has a tenant_id: weft_app sees the transaction's tenant alone and may do what `app_may` says
-- ('select, insert'; '' for nothing). The owner's own policy is what lets its security definer functions pass FORCE.
create procedure police(policed regclass, app_may text) language plpgsql as $$
begin
    execute format('alter table %s enable row level security', policed);
    execute format('alter table %s force row level security', policed);
    execute format('create policy one_tenant on %s to weft_app using (tenant_id = weft.current_tenant()) with check (tenant_id = weft.current_tenant())', policed);
    execute format('create policy all_tenants on %s to weft_owner using (true) with check (true)', policed);
    if app_may <> '' then
        execute format('grant %s on %s to weft_app', app_may, policed);
    end if;
end $$;

-- Opens a function that crosses tenants to weft_system. It runs with the owner's rights, so a caller must not be able to
-- put other tables or functions under the names that it uses.
create procedure open_to_system(opened regprocedure) language plpgsql as $$
declare
    is_definer boolean;
    settings text[];
begin
    select prosecdef, proconfig into is_definer, settings from pg_catalog.pg_proc where oid = opened;
    if not is_definer or not coalesce('search_path=weft, pg_temp' = any (settings), false) then
        raise exception '% must be "security definer set search_path = weft, pg_temp"', opened;
    end if;
    execute format('grant execute on function %s to weft_system', opened);
end $$;

-- Makes the schema of one generation of a projection; its tables are made unqualified after it and closed with police().
create procedure open_generation(generation name) language plpgsql as $$
begin
    execute format('create schema if not exists %I', generation);
    execute format('grant usage on schema %I to weft_app', generation);
end $$;
