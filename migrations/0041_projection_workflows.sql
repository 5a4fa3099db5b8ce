-- Workflows: see projections/src/workflows. Columns of type json (not jsonb) keep the order of keys and take every character.
create function projection_tables.workflows() returns void
language plpgsql
as $$
begin
    create table workflows (
        tenant_id uuid not null,
        workflow_id uuid not null,
        position bigint not null,
        name text not null,
        sort_name text not null,
        state text not null,
        is_archived boolean not null,
        draft_version integer not null,
        published_number integer,
        published_draft integer,
        kinds text[] not null,
        created_at timestamptz not null,
        changed_at timestamptz not null,
        owner_id uuid,
        definition json not null,
        primary key (tenant_id, workflow_id)
    );
    create index workflows_by_name on workflows (tenant_id, (sort_name collate "C"), workflow_id) where not is_archived;
    create index workflows_by_change on workflows (tenant_id, changed_at, workflow_id) where not is_archived;

    -- Definitions that never change again: number 0 is what the workflow began with, the others were published.
    create table workflow_versions (
        tenant_id uuid not null,
        workflow_id uuid not null,
        number integer not null,
        draft_version integer not null,
        fixed_at timestamptz not null,
        fixed_by text not null,
        definition json not null,
        primary key (tenant_id, workflow_id, number)
    );

    create table workflow_edits (
        tenant_id uuid not null,
        workflow_id uuid not null,
        version integer not null,
        group_id uuid not null,
        edited_by text not null,
        cause text not null,
        changes json not null,
        primary key (tenant_id, workflow_id, version)
    );
end
$$;
