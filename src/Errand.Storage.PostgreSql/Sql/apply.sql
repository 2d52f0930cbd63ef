-- The keys are given twice: = ANY keeps the planner at the index of a table that seems to have few rows, and may have many dead ones.

-- name: leave_waiting
DELETE FROM errand.waiting AS waiting USING unnest($1::bigint[], $2::bigint[]) AS job (seq, version)
WHERE waiting.seq = ANY ($1::bigint[]) AND waiting.seq = job.seq AND waiting.version = job.version
RETURNING waiting.seq

-- name: leave_claimed
DELETE FROM errand.claimed AS claimed USING unnest($1::bigint[], $2::bigint[]) AS job (seq, version)
WHERE claimed.seq = ANY ($1::bigint[]) AND claimed.seq = job.seq AND claimed.version = job.version
RETURNING claimed.seq

-- name: leave_finished
DELETE FROM errand.finished AS finished USING unnest($1::bigint[], $2::bigint[]) AS job (seq, version)
WHERE finished.seq = job.seq AND finished.version = job.version
RETURNING finished.seq

-- name: stay_waiting
UPDATE errand.waiting AS waiting SET version = job.version, shelf = job.shelf, due_at = job.due_at
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[]) AS job (seq, former, version, shelf, due_at)
WHERE waiting.seq = ANY ($1::bigint[]) AND waiting.seq = job.seq AND waiting.version = job.former
RETURNING waiting.seq

-- name: stay_claimed
UPDATE errand.claimed AS claimed SET
    version = job.version, session = job.session, token = job.token, started_at = job.started_at, updated_at = job.updated_at,
    attempt = job.attempt, state = job.state, suspect = job.suspect
FROM unnest(
    $1::bigint[], $2::bigint[], $3::bigint[], $4::uuid[], $5::bigint[], $6::bigint[], $7::bigint[], $8::integer[], $9::smallint[],
    $10::boolean[]) AS job (seq, former, version, session, token, started_at, updated_at, attempt, state, suspect)
WHERE claimed.seq = ANY ($1::bigint[]) AND claimed.seq = job.seq AND claimed.version = job.former
RETURNING claimed.seq

-- name: stay_finished
UPDATE errand.finished AS finished SET version = job.version
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS job (seq, former, version)
WHERE finished.seq = job.seq AND finished.version = job.former
RETURNING finished.seq

-- name: enter_claimed
INSERT INTO errand.claimed (seq, version, session, token, started_at, updated_at, attempt, state, suspect)
SELECT * FROM unnest(
    $1::bigint[], $2::bigint[], $3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[], $7::integer[], $8::smallint[], $9::boolean[])

-- name: enter_finished
INSERT INTO errand.finished (
    seq, version, token, updated_at, started_at, finished_at, expires_at, attempt, failures, losses, state, has_result, tenant, error)
SELECT * FROM unnest(
    $1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::integer[], $9::integer[],
    $10::integer[], $11::smallint[], $12::boolean[], $13::text[], $14::bytea[])
ON CONFLICT (seq) DO UPDATE SET
    version = excluded.version, token = excluded.token, updated_at = excluded.updated_at, started_at = excluded.started_at,
    finished_at = excluded.finished_at, expires_at = excluded.expires_at, attempt = excluded.attempt, failures = excluded.failures,
    losses = excluded.losses, state = excluded.state, has_result = excluded.has_result, error = excluded.error

-- name: update_jobs
UPDATE errand.jobs AS jobs SET
    lane = job.lane, priority = job.priority, version = job.version, due_at = job.due_at, updated_at = job.updated_at,
    started_at = job.started_at, finished_at = job.finished_at, expires_at = job.expires_at, deadline = job.deadline,
    attempt = job.attempt, max_attempts = job.max_attempts, failures = job.failures, losses = job.losses, token = job.token,
    has_result = job.has_result, unique_key = job.unique_key, cancel_reason = job.cancel_reason, error = job.error
FROM unnest(
    $1::bigint[], $2::integer[], $3::smallint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[],
    $10::bigint[], $11::integer[], $12::integer[], $13::integer[], $14::integer[], $15::bigint[], $16::boolean[], $17::text[],
    $18::text[], $19::bytea[]) AS job (
    seq, lane, priority, version, due_at, updated_at, started_at, finished_at, expires_at, deadline, attempt, max_attempts, failures,
    losses, token, has_result, unique_key, cancel_reason, error)
WHERE jobs.seq = job.seq

-- name: exist
SELECT seq FROM errand.jobs WHERE seq = ANY ($1::bigint[])

-- name: save_results
INSERT INTO errand.job_results (job, content_type, output, size, digest, status_code, body)
SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::integer[], $7::bytea[])
ON CONFLICT (job) DO UPDATE SET
    content_type = excluded.content_type, output = excluded.output, size = excluded.size, digest = excluded.digest,
    status_code = excluded.status_code, body = excluded.body

-- name: insert_attempts
INSERT INTO errand.job_attempts (job, entry, number, started_at, finished_at, outcome, error, worker)
SELECT attempt.job, (SELECT coalesce(max(entry), 0) + 1 FROM errand.job_attempts AS former WHERE former.job = attempt.job),
    attempt.number, attempt.started_at, attempt.finished_at, attempt.outcome, attempt.error, attempt.worker
FROM unnest($1::bigint[], $2::integer[], $3::bigint[], $4::bigint[], $5::smallint[], $6::bytea[], $7::text[])
    AS attempt (job, number, started_at, finished_at, outcome, error, worker)

-- name: delete_labels
DELETE FROM errand.job_labels WHERE job = ANY ($1::bigint[]) AND starts_with(key, ':')

-- name: save_labels
INSERT INTO errand.job_details (job, labels) SELECT * FROM unnest($1::bigint[], $2::bytea[])
ON CONFLICT (job) DO UPDATE SET labels = excluded.labels

-- name: delete_unique_keys
DELETE FROM errand.unique_keys AS keys USING unnest($1::text[], $2::text[], $3::bigint[]) AS over (tenant, key, job)
WHERE keys.tenant = over.tenant AND keys.key = over.key AND keys.job = over.job

-- name: delete_deadlines
DELETE FROM errand.deadlines WHERE job = ANY ($1::bigint[])
