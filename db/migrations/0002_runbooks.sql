-- Runbooks and their immutable versions.

CREATE TABLE runbook (
    id             uuid PRIMARY KEY,
    title          text NOT NULL,
    description    text NOT NULL,
    labels         jsonb NOT NULL,
    version_number integer NOT NULL CHECK (version_number > 0),  -- the newest
    created_by     uuid NOT NULL REFERENCES person (id),
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),
    deleted_at     timestamptz                                   -- history is kept
);
CREATE INDEX runbook_by_title ON runbook (lower(title), id) WHERE deleted_at IS NULL;

-- content is {title, description, labels, parameters, blocks} with ids, slugs and orders filled in. Of type
-- json, not jsonb: the text is kept as it was written.
CREATE TABLE runbook_version (
    id             uuid PRIMARY KEY,
    runbook_id     uuid NOT NULL REFERENCES runbook (id),
    version_number integer NOT NULL CHECK (version_number > 0),
    content        json NOT NULL,
    source_yaml    text,
    message        text NOT NULL DEFAULT '',
    created_by     uuid NOT NULL REFERENCES person (id),
    created_at     timestamptz NOT NULL DEFAULT now(),
    UNIQUE (runbook_id, version_number)
);
