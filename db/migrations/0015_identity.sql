-- Certificates of agents. One that is renewed is another certificate of the same agent; the first use of a
-- certificate ends all others. What agent tells of a certificate is the one given last, or used since.

CREATE TABLE agent_certificate (
    serial     text PRIMARY KEY,                     -- lower-case hex
    agent_id   uuid NOT NULL REFERENCES agent (id),
    issuer     text NOT NULL DEFAULT '',             -- SHA-256 of the authority, hex; empty: not known
    trusts     text[] NOT NULL DEFAULT '{}',         -- authorities the agent was given with it
    issued_at  timestamptz NOT NULL DEFAULT now(),
    not_after  timestamptz NOT NULL,
    used_at    timestamptz,                          -- first, for a Hello or a renewal
    ended_at   timestamptz                           -- another one took its place
);
CREATE INDEX agent_certificate_agent ON agent_certificate (agent_id);

INSERT INTO agent_certificate (serial, agent_id, issued_at, not_after)
SELECT certificate_serial, id, enrolled_at, certificate_until FROM agent;
