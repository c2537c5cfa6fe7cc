-- What a right reaches, where rows are chosen: the rules of controller/domain/scope.hpp and selector.hpp in
-- SQL. A reach is null (everything) or an array of {"runbooks": selector, "hosts": selector}; a selector is null
-- (everything) or an array of {"key", "op", "values"} that must all hold. What cannot be understood holds for
-- nothing.

-- As std::from_chars reads a 64-bit integer.
CREATE FUNCTION whole_number(word text) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN word ~ '^-?[0-9]{1,63}$' THEN
        CASE WHEN word::numeric BETWEEN -9223372036854775808 AND 9223372036854775807 THEN word::numeric END
    END
$$;

CREATE FUNCTION requirement_holds(requirement jsonb, labels jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(CASE requirement ->> 'op'
        WHEN 'in' THEN requirement -> 'values' ? (labels ->> (requirement ->> 'key'))
        WHEN 'notin' THEN NOT coalesce(requirement -> 'values' ? (labels ->> (requirement ->> 'key')), false)
        WHEN 'exists' THEN labels ? (requirement ->> 'key')
        WHEN '!' THEN NOT labels ? (requirement ->> 'key')
        WHEN '>' THEN whole_number(labels ->> (requirement ->> 'key'))
                    > whole_number(requirement -> 'values' ->> 0)
        WHEN '<' THEN whole_number(labels ->> (requirement ->> 'key'))
                    < whole_number(requirement -> 'values' ->> 0)
    END, false)
$$;

CREATE FUNCTION selector_matches(selector jsonb, labels jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE jsonb_typeof(selector)
        WHEN 'null' THEN true
        WHEN 'array' THEN NOT EXISTS (SELECT FROM jsonb_array_elements(selector) requirement
                                      WHERE NOT requirement_holds(requirement, labels))
        ELSE false
    END IS TRUE
$$;

-- The grants of a reach; none where all is reached or nothing.
CREATE FUNCTION scopes_of(reach jsonb) RETURNS SETOF jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_array_elements(reach) WHERE jsonb_typeof(reach) = 'array'
$$;

CREATE FUNCTION reaches_runbook(reach jsonb, labels jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_typeof(reach) = 'null'
        OR EXISTS (SELECT FROM scopes_of(reach) scope WHERE selector_matches(scope -> 'runbooks', labels))
$$;

CREATE FUNCTION reaches_host(reach jsonb, labels jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_typeof(reach) = 'null'
        OR EXISTS (SELECT FROM scopes_of(reach) scope WHERE selector_matches(scope -> 'hosts', labels))
$$;

-- Hosts an execution may run on: null (all), or an array of selectors of which one must match.
CREATE FUNCTION host_scope_has(host_scope jsonb, labels jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_typeof(host_scope) = 'null'
        OR EXISTS (SELECT FROM scopes_of(host_scope) selector WHERE selector_matches(selector, labels))
$$;

-- Of the person who started it, fixed then: hosts out of it are never resolved.
ALTER TABLE execution ADD COLUMN host_scope jsonb NOT NULL DEFAULT 'null';

-- Hosts that an execution was resolved to, and those its targets name as long as they are not.
CREATE FUNCTION hosts_of_execution(of_execution uuid) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    SELECT a.agent_id FROM execution_step s JOIN attempt a ON a.step_id = s.id WHERE s.job_id = of_execution
    UNION
    SELECT g.id FROM execution e CROSS JOIN json_array_elements_text(
        CASE json_typeof(e.targets -> 'hosts') WHEN 'array' THEN e.targets -> 'hosts' END) named
    JOIN agent g ON g.revoked_at IS NULL AND (g.name = named OR g.id::text = lower(named))
    WHERE e.id = of_execution AND host_scope_has(e.host_scope, g.labels)
$$;

-- By some grant about its runbook, each of its hosts.
CREATE FUNCTION reaches_execution(reach jsonb, of_runbook uuid, of_execution uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT jsonb_typeof(reach) = 'null' OR EXISTS (
        SELECT FROM (
            SELECT array_agg(scope -> 'hosts') AS hosts FROM runbook r CROSS JOIN scopes_of(reach) scope
            WHERE r.id = of_runbook AND selector_matches(scope -> 'runbooks', r.labels)) given
        WHERE hosts IS NOT NULL AND NOT EXISTS (
            SELECT FROM hosts_of_execution(of_execution) host JOIN agent g ON g.id = host
            WHERE NOT EXISTS (SELECT FROM unnest(hosts) selector WHERE selector_matches(selector, g.labels))))
$$;
