-- People, the keys and sessions they sign in with.

CREATE TABLE person (
    id         uuid PRIMARY KEY,
    name       text NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- A key is 256 random bits, shown once; only its SHA-256 is kept and it is found by its public prefix.
CREATE TABLE api_key (
    id           uuid PRIMARY KEY,
    person_id    uuid NOT NULL REFERENCES person (id),
    name         text NOT NULL,
    prefix       text NOT NULL UNIQUE,
    digest       bytea NOT NULL CHECK (octet_length(digest) = 32),
    roles        jsonb NOT NULL,
    created_by   uuid REFERENCES person (id),
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz,
    last_used_at timestamptz,
    revoked_at   timestamptz
);

-- A browser session: the cookie's and the CSRF token's SHA-256.
CREATE TABLE session (
    id          uuid PRIMARY KEY,
    api_key_id  uuid NOT NULL REFERENCES api_key (id),
    digest      bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
    csrf_digest bytea NOT NULL CHECK (octet_length(csrf_digest) = 32),
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL
);
CREATE INDEX session_api_key ON session (api_key_id);

-- One-use sign-in links (runbook-controller dev prints one).
CREATE TABLE sign_in_link (
    digest     bytea PRIMARY KEY CHECK (octet_length(digest) = 32),
    api_key_id uuid NOT NULL REFERENCES api_key (id),
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
