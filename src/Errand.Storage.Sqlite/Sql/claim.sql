-- name: session_exists
SELECT 1 FROM sessions WHERE id = ?1

-- name: walk
SELECT due_at, seq FROM jobs INDEXED BY jobs_waiting WHERE shelf = ?1 ORDER BY due_at, seq

-- name: read
SELECT {head}, {details}, input.job, input.version, input.upload, input.json, input.items
FROM jobs
LEFT JOIN job_details AS details ON details.job = jobs.seq
LEFT JOIN job_inputs AS input ON input.job = jobs.seq
WHERE jobs.seq = ?1

-- name: take
UPDATE jobs SET shelf = NULL, state = 1, version = ?2, attempt = ?3, session = ?4, token = ?5, started_at = ?6, updated_at = ?6
WHERE seq = ?1

-- name: past_deadline
SELECT {head} FROM jobs INDEXED BY jobs_deadline
WHERE deadline IS NOT NULL AND live = 1 AND deadline <= ?1
ORDER BY deadline, seq
LIMIT ?2
