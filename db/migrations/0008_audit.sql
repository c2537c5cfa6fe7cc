-- The audit trail: every change by a person or program, and every refusal by rights. Each row carries an
-- HMAC-SHA-256 over itself and the row before, with a key that is not in the database; ids have no gaps
-- (controller/store/audit_chain, controller/audit). No row refers to another table: it tells what was, also
-- when what it tells of is gone.

CREATE TABLE audit_event (
    id          bigint PRIMARY KEY CHECK (id > 0),
    at          timestamptz NOT NULL,
    person_id   uuid,
    person      text,
    key_id      uuid,
    key_name    text,
    action      text NOT NULL,
    object_type text NOT NULL,
    object_id   uuid,
    object_name text,
    result      text NOT NULL CHECK (result IN ('done', 'refused')),
    reason      text,
    address     text,
    request_id  text,
    changes     json,  -- {"field": {"before", "after"}}; not jsonb: the code is over the text
    mac         bytea NOT NULL CHECK (octet_length(mac) = 32)
);
CREATE INDEX audit_event_object ON audit_event (object_id, id);
CREATE INDEX audit_event_person ON audit_event (person_id, id);
CREATE INDEX audit_event_time ON audit_event (at);

-- Against mistakes; who means harm is found by the codes and the checkpoints.
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit trail can only be added to'; END $$;
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
