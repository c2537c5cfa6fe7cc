-- Secrets that runbooks use, by name. `sealed` is a Fernet token over the credential's id and the secret,
-- with a key that is not in the database (controller/secrets).

CREATE TABLE credential (
    id           uuid PRIMARY KEY,
    name         text NOT NULL UNIQUE,
    type         text NOT NULL CHECK (type IN ('ssh', 'api')),
    sealed       text NOT NULL,
    created_by   uuid NOT NULL REFERENCES person (id),
    created_at   timestamptz NOT NULL DEFAULT now(),
    rotated_at   timestamptz,  -- the secret was replaced; sealing it anew with another key does not count
    last_used_at timestamptz
);

-- The names that the newest version of a runbook's commands and requests use.
CREATE FUNCTION credentials_of(content json) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_array_elements_text(block -> 'config' -> 'credentials')
    FROM jsonb_array_elements(content::jsonb -> 'blocks') block
    WHERE jsonb_typeof(block -> 'config' -> 'credentials') = 'array'
    UNION
    SELECT block -> 'config' ->> 'credential'
    FROM jsonb_array_elements(content::jsonb -> 'blocks') block
    WHERE block -> 'config' ? 'credential'
$$;
