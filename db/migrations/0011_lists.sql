-- What lists are filtered and ordered by.

CREATE INDEX execution_by_status ON execution (status, created_at DESC, id);
CREATE INDEX execution_by_person ON execution (requested_by, created_at DESC, id);
CREATE INDEX attempt_by_agent ON attempt (agent_id, job_id);

-- The commands of a document, in lower case, to be searched.
CREATE FUNCTION runbook_commands(content json) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT lower(coalesce(string_agg(CASE json_typeof(block->'config'->'argv')
        WHEN 'array' THEN (SELECT string_agg(word, ' ')
                           FROM json_array_elements_text(block->'config'->'argv') word)
        ELSE block->'config'->>'command' END, E'\n'), ''))
    FROM json_array_elements(
        CASE json_typeof(content->'blocks') WHEN 'array' THEN content->'blocks' END) block
    WHERE block->>'type' = 'command'
$$;
ALTER TABLE runbook_version
    ADD COLUMN commands text GENERATED ALWAYS AS (runbook_commands(content)) STORED;

-- When a step that waited to be approved did so no more: at the last approval, else at the step's end. Null
-- while it waits, and when all was given in advance. The times in `approval` are RFC 3339 in UTC.
CREATE FUNCTION approval_decided_at(status text, approval json, begun timestamptz, ended timestamptz)
RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN approval IS NULL OR status IN ('pending', 'awaiting_approval') THEN NULL
        WHEN json_array_length(approval->'given') < (approval->>'required')::integer THEN ended
        WHEN (approval->'given'->-1->>'at')::timestamptz > begun
            THEN (approval->'given'->-1->>'at')::timestamptz
    END
$$;
CREATE INDEX execution_step_decided
    ON execution_step (approval_decided_at(status, approval, "timestamp", end_time), id)
    WHERE approval IS NOT NULL;
