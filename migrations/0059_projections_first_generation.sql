-- The first generation of every projection. A projection that is added later makes its tables in its own migration:
--   select weft.create_projection_generation(1, array['<name>']);
select create_projection_generation(
    1, array['workflows', 'executions', 'usage', 'members', 'variables', 'tenant', 'audit']);
