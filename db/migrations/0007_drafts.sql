-- What a person is writing and has not saved: any text, one for each person and runbook.

CREATE TABLE runbook_draft (
    runbook_id          uuid NOT NULL REFERENCES runbook (id),
    person_id           uuid NOT NULL REFERENCES person (id),
    base_version_number integer NOT NULL CHECK (base_version_number > 0),  -- the version it began from
    yaml                text NOT NULL,
    updated_at          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (runbook_id, person_id)
);
