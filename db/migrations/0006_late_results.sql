-- Steps whose result is not known are looked through every half minute, for results that came late: they are
-- few among all that ever ran.

CREATE INDEX execution_step_unknown ON execution_step (id) WHERE status = 'unknown';
