-- Secrets of credentials. They are in no log, so that they can be destroyed: a row here is replaced when its secret is, and gone when
-- it is deleted, by the append that says so. What a row holds is sealed for this tenant, credential and version
-- (services/event-log, sealing), so that it opens in no other place.

create table secrets (
    tenant_id  uuid        not null,
    secret_id  uuid        not null,
    version    integer     not null check (version > 0),
    key_id     integer     not null,
    hidden     bytea       not null,
    shown      bytea       not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, secret_id)
);
comment on column secrets.secret_id is 'The credential that it is of.';
comment on column secrets.key_id is 'The data key of the tenant that it was sealed under.';
comment on column secrets.hidden is 'What nobody is shown again; read only to be opened for one call.';
comment on column secrets.shown is 'What people may read again; sealed all the same, since it may be a name or an address.';
-- Sealed bytes do not compress.
alter table secrets alter column hidden set storage external, alter column shown set storage external;
call police('secrets', 'select');

-- Which secrets the published versions of active workflows use: none of them can be destroyed.
create table secret_uses (
    tenant_id   uuid not null,
    workflow_id uuid not null,
    secret_id   uuid not null,
    primary key (tenant_id, workflow_id, secret_id)
);
create index secret_uses_by_secret on secret_uses (tenant_id, secret_id);
call police('secret_uses', '');
