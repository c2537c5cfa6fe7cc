-- Runbooks a credential may be used in: a selector of their labels, as it was written and as
-- selector_matches() takes it. A credential without one may be used in all.

ALTER TABLE credential
    ADD COLUMN runbooks text,
    ADD COLUMN runbooks_selector jsonb NOT NULL DEFAULT 'null',
    ADD CHECK ((runbooks IS NULL) = (jsonb_typeof(runbooks_selector) = 'null'));

CREATE FUNCTION credential_serves(runbooks_selector jsonb, labels jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(jsonb_typeof(runbooks_selector) = 'null'
                    OR selector_matches(runbooks_selector, labels), false)
$$;
