-- Hosts: enrolment tokens and the agents they made.

CREATE TABLE agent (
    id                 uuid PRIMARY KEY,
    name               text NOT NULL,
    labels             jsonb NOT NULL,
    version            text NOT NULL DEFAULT '',
    os                 text NOT NULL DEFAULT '',
    arch               text NOT NULL DEFAULT '',
    certificate_serial text NOT NULL UNIQUE,   -- lower-case hex
    certificate_until  timestamptz NOT NULL,
    draining           boolean NOT NULL DEFAULT false,
    enrolled_at        timestamptz NOT NULL DEFAULT now(),
    last_seen          timestamptz,
    connected_to       uuid,                   -- controller instance that holds the link
    incarnation        uuid,                   -- of the agent process seen last
    revoked_at         timestamptz
);
-- A name may come again after a revocation; the new agent is another identity and inherits nothing.
CREATE UNIQUE INDEX agent_name ON agent (name) WHERE revoked_at IS NULL;
CREATE INDEX agent_labels ON agent USING gin (labels jsonb_path_ops);

CREATE TABLE enrollment_token (
    id         uuid PRIMARY KEY,
    digest     bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
    labels     jsonb NOT NULL,
    created_by uuid REFERENCES person (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    agent_id   uuid REFERENCES agent (id),
    revoked_at timestamptz
);

-- Controllers that are alive: who holds which agent's link and which execution's lease.
CREATE TABLE controller_instance (
    id         uuid PRIMARY KEY,
    started_at timestamptz NOT NULL DEFAULT now(),
    seen_at    timestamptz NOT NULL DEFAULT now()
);
