-- name: look
SELECT lanes.queue, lanes.id::bigint * 20 + place, first.due_at
FROM errand.lanes AS lanes
CROSS JOIN generate_series(0, 19) AS place
LEFT JOIN unnest($4::bigint[], $5::bigint[], $6::bigint[]) AS mark (shelf, due_at, seq) ON mark.shelf = lanes.id::bigint * 20 + place
CROSS JOIN LATERAL (
    SELECT due_at FROM errand.waiting
    WHERE waiting.shelf = lanes.id::bigint * 20 + place
        AND (waiting.due_at, waiting.seq) > (coalesce(mark.due_at, -9223372036854775808), coalesce(mark.seq, 0))
    ORDER BY due_at, seq LIMIT 1) AS first
WHERE (lanes.queue, lanes.type) IN (SELECT queue, type FROM unnest($1::text[], $2::text[]) AS wanted (queue, type))
    AND ($3::text IS NULL OR lanes.tenant = $3)

-- name: session_exists
SELECT 1 FROM errand.sessions WHERE id = $1 AND NOT closed FOR KEY SHARE

-- name: lock_limited
SELECT name FROM errand.queues WHERE name = ANY ($1::text[]) AND (max_concurrency IS NOT NULL OR rate IS NOT NULL) ORDER BY name FOR UPDATE

-- name: limits
SELECT name, paused, max_concurrency, rate, permits, filled_at,
    CASE WHEN max_concurrency IS NULL THEN 0 ELSE (
        SELECT coalesce(sum(counts.jobs), 0)::bigint
        FROM errand.lane_counts AS counts JOIN errand.lanes AS lanes ON lanes.id = counts.lane
        WHERE lanes.queue = queues.name AND counts.state IN (1, 2)) END
FROM errand.queues AS queues WHERE name = ANY ($1::text[])

-- name: lock_suspects
SELECT 1 FROM errand.suspects FOR UPDATE

-- name: count_suspects
SELECT count(*) FROM (SELECT 1 FROM errand.claimed WHERE suspect LIMIT 1000) AS running

-- name: pick
SELECT shelf.number, w.slot, w.seq, w.due_at
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::integer[]) AS shelf (number, after_due, after_seq, most)
CROSS JOIN LATERAL (
    SELECT slot, seq, due_at FROM errand.waiting
    WHERE waiting.shelf = shelf.number AND waiting.due_at <= $5 AND (waiting.due_at, waiting.seq) > (shelf.after_due, shelf.after_seq)
    ORDER BY due_at, seq LIMIT shelf.most FOR UPDATE SKIP LOCKED) AS w

-- name: take
WITH taken AS (
    SELECT slot, seq, nextval('errand.token_sequence') AS token
    FROM unnest($1::smallint[], $2::bigint[]) WITH ORDINALITY AS job (slot, seq, place) ORDER BY place),
gone AS (
    DELETE FROM errand.waiting AS waiting USING taken WHERE waiting.slot = taken.slot AND waiting.seq = taken.seq RETURNING waiting.seq)
INSERT INTO errand.claimed (seq, version, session, token, started_at, updated_at, attempt, state, suspect)
SELECT jobs.seq, jobs.version + 1, $3, taken.token, $4, $4, jobs.attempt + 1, 1, jobs.losses > 0
FROM gone JOIN taken ON taken.seq = gone.seq JOIN errand.jobs AS jobs ON jobs.seq = gone.seq
ORDER BY taken.token

-- name: use_permits
UPDATE errand.queues SET permits = $2, filled_at = $3 WHERE name = $1

-- name: read
SELECT {head}, {details}, input.job, input.version, input.upload, input.json, input.items
FROM errand.jobs AS jobs
{places}
LEFT JOIN errand.job_details AS details ON details.job = jobs.seq
LEFT JOIN errand.job_inputs AS input ON input.job = jobs.seq
WHERE jobs.seq = ANY ($1::bigint[])

-- name: past_deadline
SELECT {head}
FROM errand.deadlines AS deadlines JOIN errand.jobs AS jobs ON jobs.seq = deadlines.job
{places}
WHERE deadlines.deadline <= $1
ORDER BY deadlines.deadline, deadlines.job
LIMIT $2

-- name: look_behind
SELECT number, first.due_at
FROM unnest($1::bigint[]) AS shelf (number)
CROSS JOIN LATERAL (
    SELECT due_at FROM errand.waiting WHERE waiting.shelf = shelf.number AND waiting.due_at > $2 ORDER BY due_at, seq LIMIT 1) AS first
