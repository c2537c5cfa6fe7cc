-- What a right reaches, where rows are chosen: the rules of controller/domain/scope.hpp and selector.hpp in
-- SQL. A reach is null (everything) or an array of {"runbooks": selector, "hosts": selector}; a selector is
-- null (everything) or an array of {"key", "op", "values"} that must all hold. What cannot be understood
-- holds for nothing.

-- As std::from_chars reads a 64-bit integer.
CREATE FUNCTION whole_number(word text) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN word ~ '^-?[0-9]{1,63}$' THEN
        CASE WHEN word::numeric BETWEEN -9223372036854775808 AND 9223372036854775807 THEN word::numeric END
    END
$$;

CREATE FUNCTION requirement_holds(requirement jsonb, labels jsonb) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    label text := labels ->> (requirement ->> 'key');
BEGIN
    RETURN coalesce(CASE requirement ->> 'op'
        WHEN 'in' THEN requirement -> 'values' ? label
        WHEN 'notin' THEN label IS NULL OR NOT requirement -> 'values' ? label
        WHEN 'exists' THEN label IS NOT NULL
        WHEN '!' THEN requirement ->> 'key' IS NOT NULL AND label IS NULL
        WHEN '>' THEN whole_number(label) > whole_number(requirement -> 'values' ->> 0)
        WHEN '<' THEN whole_number(label) < whole_number(requirement -> 'values' ->> 0)
    END, false);
END
$$;

-- These are asked for each row of a list, so they are in the language whose plans are kept.
CREATE FUNCTION selector_matches(selector jsonb, labels jsonb) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    IF selector IS NULL OR labels IS NULL THEN RETURN false; END IF;
    IF jsonb_typeof(selector) = 'null' THEN RETURN true; END IF;
    IF jsonb_typeof(selector) <> 'array' THEN RETURN false; END IF;
    FOR i IN 0 .. jsonb_array_length(selector) - 1 LOOP
        IF NOT requirement_holds(selector -> i, labels) THEN RETURN false; END IF;
    END LOOP;
    RETURN true;
END
$$;

-- Whether one of the grants does, by one of its two selectors.
CREATE FUNCTION reaches_by(reach jsonb, limited text, labels jsonb) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    IF reach IS NULL THEN RETURN false; END IF;
    IF jsonb_typeof(reach) = 'null' THEN RETURN true; END IF;
    IF jsonb_typeof(reach) <> 'array' THEN RETURN false; END IF;
    FOR i IN 0 .. jsonb_array_length(reach) - 1 LOOP
        IF selector_matches(reach -> i -> limited, labels) THEN RETURN true; END IF;
    END LOOP;
    RETURN false;
END
$$;

CREATE FUNCTION reaches_runbook(reach jsonb, labels jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT reaches_by(reach, 'runbooks', labels) $$;
CREATE FUNCTION reaches_host(reach jsonb, labels jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT reaches_by(reach, 'hosts', labels) $$;

-- Hosts an execution may run on: null (all), or an array of selectors of which one must match.
CREATE FUNCTION host_scope_has(host_scope jsonb, labels jsonb) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    IF host_scope IS NULL THEN RETURN false; END IF;
    IF jsonb_typeof(host_scope) = 'null' THEN RETURN true; END IF;
    IF jsonb_typeof(host_scope) <> 'array' THEN RETURN false; END IF;
    FOR i IN 0 .. jsonb_array_length(host_scope) - 1 LOOP
        IF selector_matches(host_scope -> i, labels) THEN RETURN true; END IF;
    END LOOP;
    RETURN false;
END
$$;

-- Of the person who started it, fixed then: hosts out of it are never resolved.
ALTER TABLE execution ADD COLUMN host_scope jsonb NOT NULL DEFAULT 'null';

-- Null for a text that is none.
CREATE FUNCTION uuid_of(word text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN word ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' THEN word::uuid END
$$;

-- Whether every host of the one is surely one of the other, whatever its labels: by the selectors' words.
CREATE FUNCTION host_scope_within(host_scope jsonb, other jsonb) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    IF host_scope IS NULL OR other IS NULL THEN RETURN false; END IF;
    IF jsonb_typeof(other) = 'null' THEN RETURN true; END IF;
    IF jsonb_typeof(host_scope) <> 'array' OR jsonb_typeof(other) <> 'array' THEN RETURN false; END IF;
    FOR i IN 0 .. jsonb_array_length(host_scope) - 1 LOOP
        IF NOT EXISTS (SELECT FROM jsonb_array_elements(other) one WHERE one = host_scope -> i) THEN
            RETURN false;
        END IF;
    END LOOP;
    RETURN true;
END
$$;

-- By the grants about its runbook, each of its hosts: those it was resolved to, those its targets name, and
-- those that a command which has none yet may get: they are known by the starter's limit only. Asked for each
-- row, too, by queries that are planned anew each time: its own are not.
CREATE FUNCTION reaches_execution(reach jsonb, of_runbook uuid, of_execution uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    runbook_labels jsonb;
    host_labels jsonb;
    hosts jsonb := '[]';  -- selectors, as a host scope
BEGIN
    IF reach IS NULL THEN RETURN false; END IF;
    IF jsonb_typeof(reach) = 'null' THEN RETURN true; END IF;
    IF jsonb_typeof(reach) <> 'array' THEN RETURN false; END IF;
    SELECT r.labels INTO runbook_labels FROM runbook r WHERE r.id = of_runbook;
    FOR i IN 0 .. jsonb_array_length(reach) - 1 LOOP
        CONTINUE WHEN NOT selector_matches(reach -> i -> 'runbooks', runbook_labels);
        IF jsonb_typeof(reach -> i -> 'hosts') = 'null' THEN RETURN true; END IF;
        hosts := hosts || jsonb_build_array(reach -> i -> 'hosts');
    END LOOP;
    IF jsonb_array_length(hosts) = 0 THEN RETURN false; END IF;
    IF NOT host_scope_within((SELECT e.host_scope FROM execution e WHERE e.id = of_execution), hosts)
        AND EXISTS (
            SELECT FROM execution_step s WHERE s.job_id = of_execution AND s.type = 'command'
            AND s.status IN ('pending', 'awaiting_approval', 'awaiting_input', 'running')
            AND NOT EXISTS (SELECT FROM attempt a WHERE a.step_id = s.id))
    THEN RETURN false; END IF;
    -- Hosts share few sets of labels.
    FOR host_labels IN
        SELECT DISTINCT g.labels FROM execution_step s JOIN attempt a ON a.step_id = s.id
        JOIN agent g ON g.id = a.agent_id WHERE s.job_id = of_execution
    LOOP
        IF NOT host_scope_has(hosts, host_labels) THEN RETURN false; END IF;
    END LOOP;
    FOR host_labels IN
        SELECT g.labels FROM execution e CROSS JOIN json_array_elements_text(
            CASE json_typeof(e.targets -> 'hosts') WHEN 'array' THEN e.targets -> 'hosts' END) named
        JOIN agent g ON g.revoked_at IS NULL AND (g.name = named OR g.id = uuid_of(named))
        WHERE e.id = of_execution AND host_scope_has(e.host_scope, g.labels)
    LOOP
        IF NOT host_scope_has(hosts, host_labels) THEN RETURN false; END IF;
    END LOOP;
    RETURN true;
END
$$;
