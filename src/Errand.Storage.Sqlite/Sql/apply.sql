-- name: update
UPDATE jobs SET
    lane = ?, shelf = ?, live = ?, state = ?, version = ?, priority = ?, due_at = ?, updated_at = ?, started_at = ?, finished_at = ?,
    expires_at = ?, deadline = ?, attempt = ?, max_attempts = ?, failures = ?, losses = ?, session = ?, token = ?, has_result = ?,
    unique_key = ?, cancel_reason = ?, error = ?
WHERE seq = ? AND version = ?

-- name: exists
SELECT 1 FROM jobs WHERE seq = ?1

-- name: save_result
INSERT OR REPLACE INTO job_results (job, content_type, output, size, digest, status_code, body) VALUES (?, ?, ?, ?, ?, ?, ?)

-- name: insert_attempt
INSERT INTO job_attempts (job, entry, number, started_at, finished_at, outcome, error, worker)
VALUES (?1, (SELECT coalesce(max(entry), 0) + 1 FROM job_attempts WHERE job = ?1), ?2, ?3, ?4, ?5, ?6, ?7)

-- name: read_details
SELECT {details} FROM jobs LEFT JOIN job_details AS details ON details.job = jobs.seq WHERE jobs.seq = ?1

-- name: delete_label
DELETE FROM job_labels WHERE tenant = ?1 AND key = ?2 AND value = ?3 AND job = ?4

-- name: save_labels
INSERT INTO job_details (job, labels) VALUES (?1, ?2) ON CONFLICT (job) DO UPDATE SET labels = excluded.labels
