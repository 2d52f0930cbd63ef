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

-- name: take_whole
-- A claim in one statement: what is due on all shelves, in order, is locked, moved to the claimed and read. Nothing is taken, and the first column says so, where that wants a closer look: a queue
-- has a limit, a suspect waits, the session is gone, a shelf holds more than is looked at, or a job was edited while its lock was waited for, so that the rest of it is not seen yet. Without anything due, nothing is locked either, and the commit has nothing to flush.
WITH bound AS (
    SELECT EXISTS (SELECT FROM errand.queues WHERE name = ANY ($2::text[]) AND (paused OR max_concurrency IS NOT NULL OR rate IS NOT NULL)) AS is_there),
due AS (
    SELECT lanes.id AS lane, place, wanted.turn, wanted.first_priority, one.slot, one.seq, one.due_at, one.version, jobs.attempt,
        jobs.version = one.version AS is_seen
    FROM unnest($2::text[], $3::text[], $4::integer[], $5::integer[]) AS wanted (queue, type, turn, first_priority)
    JOIN errand.lanes AS lanes ON lanes.queue = wanted.queue AND lanes.type = wanted.type
    CROSS JOIN generate_series(0, 19) AS place
    LEFT JOIN unnest($9::bigint[], $10::bigint[], $11::bigint[]) AS mark (shelf, due_at, seq) ON mark.shelf = lanes.id::bigint * 20 + place
    CROSS JOIN LATERAL (
        SELECT slot, seq, due_at, version FROM errand.waiting
        WHERE waiting.shelf = lanes.id::bigint * 20 + place AND waiting.due_at <= $7
            AND (waiting.due_at, waiting.seq) > (coalesce(mark.due_at, -9223372036854775808), coalesce(mark.seq, 0))
        ORDER BY due_at, seq LIMIT $12::integer FOR UPDATE SKIP LOCKED) AS one
    JOIN errand.jobs AS jobs ON jobs.seq = one.seq
    WHERE ($6::text IS NULL OR lanes.tenant = $6) AND NOT (SELECT is_there FROM bound)),
here AS (SELECT FROM errand.sessions WHERE id = $1 AND NOT closed AND EXISTS (SELECT FROM due) FOR KEY SHARE),
look AS (
    SELECT (SELECT is_there FROM bound) OR EXISTS (SELECT FROM due WHERE place % 2 = 1 OR NOT is_seen)
        OR (EXISTS (SELECT FROM due) AND NOT EXISTS (SELECT FROM here))
        OR ($12::integer < $8::integer AND EXISTS (SELECT FROM due GROUP BY lane, place HAVING count(*) >= $12::integer)) AS is_needed),
chosen AS (
    SELECT next.*, nextval('errand.token_sequence') AS token
    FROM (
        SELECT slot, seq, lane, version, attempt FROM due WHERE NOT (SELECT is_needed FROM look)
        ORDER BY turn, place / 2 = first_priority DESC, place / 2 DESC, due_at, seq LIMIT $8::integer) AS next),
gone AS (
    DELETE FROM errand.waiting AS waiting USING chosen WHERE waiting.slot = chosen.slot AND waiting.seq = chosen.seq
    RETURNING waiting.seq, chosen.version, chosen.attempt, chosen.token, chosen.lane),
taken AS (
    INSERT INTO errand.claimed (seq, version, session, token, started_at, updated_at, attempt, state, suspect)
    SELECT seq, version + 1, $1, token, $7, $7, attempt + 1, 1, false FROM gone
    RETURNING seq, version, session, token, started_at, updated_at, attempt, state),
counted AS (
    INSERT INTO errand.lane_counts (lane, state, jobs)
    SELECT gone.lane, change.state, sum(change.jobs) FROM gone CROSS JOIN (VALUES (0, -1), (1, 1)) AS change (state, jobs) GROUP BY gone.lane, change.state)
SELECT look.is_needed, jobs.lane, {head}, {details}, input.job, input.version, input.upload, input.json, input.items
FROM look
LEFT JOIN taken AS claimed ON true
LEFT JOIN errand.jobs AS jobs ON jobs.seq = claimed.seq
LEFT JOIN errand.lanes AS lanes ON lanes.id = jobs.lane
LEFT JOIN errand.finished AS finished ON false
LEFT JOIN errand.job_details AS details ON details.job = claimed.seq
LEFT JOIN errand.job_inputs AS input ON input.job = claimed.seq
ORDER BY claimed.token

-- name: next_due
SELECT min(first.due_at)
FROM errand.lanes AS lanes
CROSS JOIN generate_series(0, 19) AS place
CROSS JOIN LATERAL (
    SELECT due_at FROM errand.waiting WHERE waiting.shelf = lanes.id::bigint * 20 + place AND waiting.due_at > $4 ORDER BY due_at, seq LIMIT 1) AS first
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
