-- name: jobs
SELECT jobs.seq, jobs.id, jobs.lane, jobs.priority, coalesce(finished.state, claimed.state, 0::smallint),
    coalesce(finished.version, claimed.version, jobs.version), jobs.due_at, jobs.created_at,
    coalesce(finished.updated_at, claimed.updated_at, jobs.updated_at),
    CASE WHEN finished.seq IS NOT NULL THEN finished.started_at WHEN claimed.seq IS NOT NULL THEN claimed.started_at ELSE jobs.started_at END,
    CASE WHEN finished.seq IS NOT NULL THEN finished.finished_at ELSE jobs.finished_at END,
    CASE WHEN finished.seq IS NOT NULL THEN finished.expires_at ELSE jobs.expires_at END,
    jobs.deadline, coalesce(finished.attempt, claimed.attempt, jobs.attempt), jobs.max_attempts,
    coalesce(finished.failures, jobs.failures), coalesce(finished.losses, jobs.losses), claimed.session,
    coalesce(finished.token, claimed.token, jobs.token), coalesce(finished.has_result, jobs.has_result),
    jobs.unique_key, jobs.cancel_reason, CASE WHEN finished.seq IS NOT NULL THEN finished.error ELSE jobs.error END,
    jobs.request_id, jobs.tenant, jobs.owner
FROM errand.jobs AS jobs
{places}

-- name: counts
SELECT lanes.tenant, lanes.queue, lanes.type, counts.state, sum(counts.jobs)::bigint
FROM errand.lane_counts AS counts JOIN errand.lanes AS lanes ON lanes.id = counts.lane
GROUP BY lanes.tenant, lanes.queue, lanes.type, counts.state HAVING sum(counts.jobs) <> 0

-- name: files
SELECT location, staged_at, size FROM errand.files
WHERE location IN (SELECT location FROM errand.job_output_formats UNION SELECT location FROM errand.uploads)

-- name: file_chunks
SELECT location, number, staged_at, bytes FROM errand.file_chunks
WHERE location IN (SELECT location FROM errand.job_output_formats UNION SELECT location FROM errand.uploads)

-- name: job_inputs
-- What is left lying of jobs that are gone goes with its range, and nowhere else.
SELECT job, version, upload, json, items FROM errand.job_inputs WHERE EXISTS (SELECT FROM errand.jobs WHERE seq = job)

-- name: job_results
SELECT job, size, status_code, content_type, output, digest, body FROM errand.job_results WHERE EXISTS (SELECT FROM errand.jobs WHERE seq = job)

-- name: job_messages
SELECT job, sequence, time, source, attempt, severity, text FROM errand.job_messages WHERE EXISTS (SELECT FROM errand.jobs WHERE seq = job)

-- name: job_items
SELECT job, idx, status, key, result, error FROM errand.job_items WHERE EXISTS (SELECT FROM errand.jobs WHERE seq = job)

-- name: is_empty
SELECT NOT (EXISTS (SELECT FROM errand.jobs) OR EXISTS (SELECT FROM errand.lanes) OR EXISTS (SELECT FROM errand.tokens)
    OR EXISTS (SELECT FROM errand.clients) OR EXISTS (SELECT FROM errand.collections) OR EXISTS (SELECT FROM errand.schedules)
    OR EXISTS (SELECT FROM errand.tombstones) OR EXISTS (SELECT FROM errand.uploads) OR EXISTS (SELECT FROM errand.files))
