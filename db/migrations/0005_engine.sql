-- What the whole engine keeps of an execution: approvals, tries of API calls, values fixed when a step
-- began.

ALTER TABLE execution
    ADD COLUMN controls bigint NOT NULL DEFAULT 0;  -- counts what people did: a plan made before is void

-- approval: {digest, required, other_person, expires_at, given: [{by, by_name, at, note}]}
-- tries: [{at, end, http_status, error, next_try_at}], result: {http_status, headers, body, json}; of API
-- steps
ALTER TABLE execution_step
    ADD COLUMN skip_cause text
               CHECK (skip_cause IN ('range', 'when', 'jump', 'person', 'failure', 'stop')),
    ADD COLUMN approval   json,
    ADD COLUMN due        timestamptz,                      -- when a timer is over
    ADD COLUMN repeatable boolean NOT NULL DEFAULT false,   -- an API request may be sent again
    ADD COLUMN tries      json NOT NULL DEFAULT '[]',
    ADD COLUMN frozen     json NOT NULL DEFAULT '{}',       -- what was substituted when it began
    ADD COLUMN result     json;

ALTER TABLE attempt
    ADD COLUMN lost   boolean NOT NULL DEFAULT false,  -- not_started as a link or controller was lost
    ADD COLUMN labels json NOT NULL DEFAULT '{}';      -- the agent's when the step was resolved
