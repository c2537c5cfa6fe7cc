-- How many lines have begun before each piece of output, in every view it belongs to: where line n of a view
-- lies is then found by looking at some pieces instead of reading all. A line begins at a stream's first byte
-- and after each newline that is followed by a byte.

ALTER TABLE attempt
    ADD COLUMN stdout_open boolean NOT NULL DEFAULT false,  -- the last byte stored is not a newline
    ADD COLUMN stderr_open boolean NOT NULL DEFAULT false;

-- Lines begun in the streams of all hosts.
ALTER TABLE execution_step
    ADD COLUMN stdout_begun bigint NOT NULL DEFAULT 0,
    ADD COLUMN stderr_begun bigint NOT NULL DEFAULT 0;

-- Lines begun before the chunk: in the host's streams, in those of all hosts.
ALTER TABLE output_chunk
    ADD COLUMN attempt_stdout_begun bigint NOT NULL DEFAULT 0,
    ADD COLUMN attempt_stderr_begun bigint NOT NULL DEFAULT 0,
    ADD COLUMN step_stdout_begun    bigint NOT NULL DEFAULT 0,
    ADD COLUMN step_stderr_begun    bigint NOT NULL DEFAULT 0;

CREATE TEMPORARY TABLE output_piece ON COMMIT DROP AS
SELECT c.attempt_id, c.stream, c.start_offset, c.step_id, c.attempt_offset, c.step_offset,
       substr(c.data, octet_length(c.data), 1) <> '\x0a'::bytea AS open,
       lead(c.first_line, 1, CASE c.stream WHEN 1 THEN a.stdout_lines ELSE a.stderr_lines END)
           OVER (PARTITION BY c.attempt_id, c.stream ORDER BY c.start_offset) - c.first_line AS newlines
FROM output_chunk c JOIN attempt a ON a.id = c.attempt_id;

CREATE TEMPORARY TABLE output_begun ON COMMIT DROP AS
SELECT *, newlines + open::integer - coalesce(
           lag(open) OVER (PARTITION BY attempt_id, stream ORDER BY start_offset), false)::integer AS begun
FROM output_piece;

UPDATE output_chunk c
SET attempt_stdout_begun = b.attempt_out, attempt_stderr_begun = b.attempt_err,
    step_stdout_begun = b.step_out, step_stderr_begun = b.step_err
FROM (SELECT attempt_id, stream, start_offset,
             coalesce(sum(begun) FILTER (WHERE stream = 1) OVER of_attempt, 0) AS attempt_out,
             coalesce(sum(begun) FILTER (WHERE stream = 2) OVER of_attempt, 0) AS attempt_err,
             coalesce(sum(begun) FILTER (WHERE stream = 1) OVER of_step, 0) AS step_out,
             coalesce(sum(begun) FILTER (WHERE stream = 2) OVER of_step, 0) AS step_err
      FROM output_begun
      WINDOW of_attempt AS (PARTITION BY attempt_id ORDER BY attempt_offset
                            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
             of_step AS (PARTITION BY step_id ORDER BY step_offset
                         ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) b
WHERE c.attempt_id = b.attempt_id AND c.stream = b.stream AND c.start_offset = b.start_offset;

UPDATE attempt a
SET stdout_open = l.stdout_open, stderr_open = l.stderr_open
FROM (SELECT attempt_id, coalesce(bool_or(open) FILTER (WHERE stream = 1), false) AS stdout_open,
             coalesce(bool_or(open) FILTER (WHERE stream = 2), false) AS stderr_open
      FROM (SELECT DISTINCT ON (attempt_id, stream) attempt_id, stream, open FROM output_piece
            ORDER BY attempt_id, stream, start_offset DESC) last_pieces
      GROUP BY attempt_id) l
WHERE l.attempt_id = a.id;

UPDATE execution_step s
SET stdout_begun = t.stdout_begun, stderr_begun = t.stderr_begun
FROM (SELECT step_id, coalesce(sum(begun) FILTER (WHERE stream = 1), 0) AS stdout_begun,
             coalesce(sum(begun) FILTER (WHERE stream = 2), 0) AS stderr_begun
      FROM output_begun GROUP BY step_id) t
WHERE t.step_id = s.id;
