-- What the controller's own role may do: all that serving needs, but of the audit trail only reading it and
-- adding to it, and of the schema's history only reading it. Called by the owner after every migration
-- (db/application_role), for the role the controller signs in as.
CREATE FUNCTION grant_application(application name) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    home name := current_schema();
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', home, application);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO %I', home,
                   application);
    EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA %I TO %I', home, application);
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I
                    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I', home, application);
    EXECUTE format('REVOKE ALL ON audit_event FROM %I', application);
    EXECUTE format('GRANT SELECT, INSERT ON audit_event TO %I', application);
    EXECUTE format('REVOKE ALL ON schema_migration FROM %I', application);
    EXECUTE format('GRANT SELECT ON schema_migration TO %I', application);
    EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC, %I', home, application);
END $$;
REVOKE EXECUTE ON FUNCTION grant_application(name) FROM PUBLIC;
