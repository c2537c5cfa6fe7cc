-- Values of secret parameters, each a Fernet token bound to its execution and name, with a key that is not in
-- the database (controller/secrets). execution.parameters shows that there is one. What was substituted from
-- them is sealed in execution_step.frozen, as its member "sealed".

CREATE TABLE execution_secret (
    execution_id uuid NOT NULL REFERENCES execution (id),
    name         text NOT NULL,
    sealed       text NOT NULL,
    PRIMARY KEY (execution_id, name)
);

-- For sealing them anew with another key.
CREATE INDEX execution_step_sealed ON execution_step (id) WHERE frozen ->> 'sealed' IS NOT NULL;
