-- Executions, their steps, attempts on hosts and output. The words of the states are CONTRACT §2's.

CREATE TABLE execution (
    id                uuid PRIMARY KEY,
    runbook_id        uuid NOT NULL REFERENCES runbook (id),
    version_id        uuid NOT NULL REFERENCES runbook_version (id),
    version_number    integer NOT NULL,
    title             text NOT NULL,
    status            text NOT NULL CHECK (status IN (
                          'pending', 'running', 'awaiting_approval', 'awaiting_input', 'paused', 'completed',
                          'failed', 'stopped')),
    approval          text NOT NULL CHECK (approval IN ('each', 'preapproved')),
    parameters        json NOT NULL,
    targets           json,                    -- {"selector", "hosts"} as given, or null
    steps             json,                    -- {"from", "to"} as given, or null
    reason            text,
    requested_by      uuid NOT NULL REFERENCES person (id),
    created_at        timestamptz NOT NULL DEFAULT now(),
    start_time        timestamptz,
    end_time          timestamptz,
    stop_requested_at timestamptz,
    stop_requested_by uuid REFERENCES person (id),
    seq               bigint NOT NULL DEFAULT 0,  -- grows by one with every visible change
    lease_owner       uuid,
    lease_until       timestamptz,
    CHECK ((end_time IS NOT NULL) = (status IN ('completed', 'failed', 'stopped')))
);
CREATE INDEX execution_by_time ON execution (created_at DESC, id);
CREATE INDEX execution_by_runbook ON execution (runbook_id, created_at DESC);
CREATE INDEX execution_open ON execution (lease_until NULLS FIRST)
    WHERE status NOT IN ('completed', 'failed', 'stopped');

CREATE TABLE idempotency_key (
    person_id      uuid NOT NULL REFERENCES person (id),
    key            text NOT NULL,
    request_digest bytea NOT NULL,
    execution_id   uuid NOT NULL REFERENCES execution (id),
    created_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (person_id, key)
);

-- "order" is the block's position from 0; a retry of a step is a further row with a higher attempt.
CREATE TABLE execution_step (
    id           uuid PRIMARY KEY,
    job_id       uuid NOT NULL REFERENCES execution (id),
    block_id     uuid NOT NULL,
    slug         text NOT NULL,
    name         text NOT NULL,
    type         text NOT NULL CHECK (type IN ('instruction', 'command', 'api', 'condition', 'timer')),
    "order"      integer NOT NULL CHECK ("order" >= 0),
    attempt      integer NOT NULL DEFAULT 1 CHECK (attempt > 0),
    status       text NOT NULL CHECK (status IN ('pending', 'awaiting_approval', 'awaiting_input', 'running',
                                                 'success', 'error', 'skipped', 'stopped', 'unknown')),
    reason       text,                          -- why it was skipped, stopped or ended in error
    exit_code    integer,
    note         text,
    completed_by uuid REFERENCES person (id),   -- who ticked an instruction off
    "timestamp"  timestamptz,                   -- start
    end_time     timestamptz,
    output_bytes bigint NOT NULL DEFAULT 0,     -- both streams of all hosts
    UNIQUE (job_id, "order", attempt)
);

-- One try on one host. The id is the dispatch id of the wire protocol.
CREATE TABLE attempt (
    id              uuid PRIMARY KEY,
    step_id         uuid NOT NULL REFERENCES execution_step (id),
    job_id          uuid NOT NULL REFERENCES execution (id),
    agent_id        uuid NOT NULL REFERENCES agent (id),
    host            text NOT NULL,              -- the agent's name when the step was resolved
    host_index      integer NOT NULL,           -- position in the step's host order
    number          integer NOT NULL DEFAULT 1 CHECK (number > 0),
    status          text NOT NULL CHECK (status IN (
                        'queued', 'dispatched', 'running', 'success', 'error', 'timed_out', 'stopped',
                        'not_started', 'unknown')),
    incarnation     uuid,                       -- agent process it was dispatched to
    exit_code       integer,
    signal          integer,
    reason          text,
    created_at      timestamptz NOT NULL DEFAULT now(),
    dispatched_at   timestamptz,
    start_time      timestamptz,
    end_time        timestamptz,
    stop_sent_at    timestamptz,
    stdout_bytes    bigint NOT NULL DEFAULT 0,
    stderr_bytes    bigint NOT NULL DEFAULT 0,
    stdout_lines    bigint NOT NULL DEFAULT 0,  -- newlines stored so far
    stderr_lines    bigint NOT NULL DEFAULT 0,
    output_complete boolean NOT NULL DEFAULT false,  -- totals and SHA-256 agreed with the agent's
    leftovers       integer NOT NULL DEFAULT 0,
    UNIQUE (step_id, agent_id, number)
);
CREATE INDEX attempt_by_step ON attempt (step_id, host_index, number);
CREATE INDEX attempt_open ON attempt (agent_id) WHERE status IN ('queued', 'dispatched', 'running');

-- stream: 1 stdout, 2 stderr. A chunk holds bytes [start_offset, start_offset + octet_length(data)) of its
-- stream. first_line is the number of newlines before it. attempt_offset and step_offset are its place in the
-- host's and the step's merged views, which are in commit order.
CREATE TABLE output_chunk (
    attempt_id     uuid NOT NULL REFERENCES attempt (id),
    stream         smallint NOT NULL CHECK (stream IN (1, 2)),
    start_offset   bigint NOT NULL CHECK (start_offset >= 0),
    data           bytea NOT NULL CHECK (octet_length(data) > 0),
    first_line     bigint NOT NULL,
    step_id        uuid NOT NULL,
    attempt_offset bigint NOT NULL,
    step_offset    bigint NOT NULL,
    stored_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (attempt_id, stream, start_offset)
);
ALTER TABLE output_chunk ALTER COLUMN data SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX output_chunk_step ON output_chunk (step_id, step_offset);
CREATE UNIQUE INDEX output_chunk_attempt ON output_chunk (attempt_id, attempt_offset);
