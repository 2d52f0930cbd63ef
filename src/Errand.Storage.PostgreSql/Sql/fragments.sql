-- name: head
jobs.seq, jobs.id, jobs.tenant, lanes.queue, lanes.type, jobs.owner,
coalesce(finished.state, claimed.state, 0::smallint), coalesce(finished.version, claimed.version, jobs.version),
jobs.priority, jobs.due_at, jobs.created_at, coalesce(finished.updated_at, claimed.updated_at, jobs.updated_at),
CASE WHEN finished.seq IS NOT NULL THEN finished.started_at WHEN claimed.seq IS NOT NULL THEN claimed.started_at ELSE jobs.started_at END,
CASE WHEN finished.seq IS NOT NULL THEN finished.finished_at ELSE jobs.finished_at END,
CASE WHEN finished.seq IS NOT NULL THEN finished.expires_at ELSE jobs.expires_at END,
jobs.deadline, coalesce(finished.attempt, claimed.attempt, jobs.attempt), jobs.max_attempts,
coalesce(finished.failures, jobs.failures), coalesce(finished.losses, jobs.losses), claimed.session,
coalesce(finished.token, claimed.token, jobs.token), coalesce(finished.has_result, jobs.has_result),
jobs.unique_key, jobs.cancel_reason, CASE WHEN finished.seq IS NOT NULL THEN finished.error ELSE jobs.error END

-- name: named
-- By the id alone: while nothing is known of the table, an index that begins with the tenant looks as good, and costs a walk over its jobs for each.
JOIN errand.jobs AS jobs ON jobs.id = wanted.id AND jobs.tenant || '' = wanted.tenant

-- name: places
JOIN errand.lanes AS lanes ON lanes.id = jobs.lane
LEFT JOIN LATERAL (
    -- By its key, however few rows the table seems to have: there may be many dead ones. OFFSET keeps the planner from another join.
    SELECT * FROM errand.claimed AS one WHERE one.seq = jobs.seq OFFSET 0) AS claimed ON true
LEFT JOIN errand.finished AS finished ON finished.seq = jobs.seq

-- name: details
jobs.request_id, details.job, details.labels, details.timeout, details.retention, details.correlation_id, details.parent_id,
details.retry_of, details.schedule_id, details.traceparent, details.tracestate, details.item_count, details.fingerprint

-- name: progress
progress.sequence, progress.percent, progress.completed, progress.total, progress.failed, progress.unit, progress.message,
progress.updated_at

-- name: scanned
jobs.seq, jobs.tenant, lanes.queue, lanes.type, jobs.owner, coalesce(finished.state, claimed.state, 0::smallint), jobs.due_at, jobs.created_at,
finished.finished_at

-- name: new_jobs
job AS (
    SELECT nextval('errand.job_sequence') AS seq, new.*
    FROM unnest(
        $1::uuid[], $2::integer[], $3::smallint[], $4::bigint[], $5::bigint[], $6::integer[], $7::uuid[], $8::text[], $9::text[], $10::smallint[],
        $11::integer[], $12::bytea[], $13::bytea[]) WITH ORDINALITY AS new (
        id, lane, priority, due_at, created_at, max_attempts, request_id, tenant, owner, slot, input_version, json, items, place)
    WHERE NOT EXISTS (SELECT FROM errand.jobs WHERE id = ANY ($1::uuid[])) AND NOT EXISTS (SELECT FROM errand.tombstones WHERE id = ANY ($1::uuid[]))),
stored AS (
    INSERT INTO errand.jobs (
        seq, id, lane, priority, version, due_at, created_at, updated_at, attempt, max_attempts, failures, losses, request_id, tenant, owner)
    SELECT seq, id, lane, priority, 1, due_at, created_at, created_at, 0, max_attempts, 0, 0, request_id, tenant, owner FROM job),
waits AS (
    INSERT INTO errand.waiting (shelf, due_at, seq, version, slot) SELECT lane * $14::bigint + priority * 2, due_at, seq, 1, slot FROM job),
given AS (
    INSERT INTO errand.job_inputs (job, version, json, items) SELECT seq, input_version, json, items FROM job WHERE input_version IS NOT NULL),
counted AS (INSERT INTO errand.lane_counts (lane, state, jobs) SELECT lane, 0, count(*) FROM job GROUP BY lane)
