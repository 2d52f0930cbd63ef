-- name: insert_job
INSERT INTO jobs (
    seq, id, tenant, owner, created_at, request_id,
    lane, shelf, live, state, version, priority, due_at, updated_at, started_at, finished_at, expires_at, deadline,
    attempt, max_attempts, failures, losses, session, token, has_result, unique_key, cancel_reason, error)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING

-- name: insert_details
INSERT INTO job_details (
    job, labels, timeout, retention, correlation_id, parent_id, retry_of, schedule_id, traceparent, tracestate, item_count, fingerprint)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: insert_label
INSERT INTO job_labels (tenant, key, value, job) VALUES (?, ?, ?, ?)

-- name: insert_input
INSERT INTO job_inputs (job, version, upload, json, items) VALUES (?, ?, ?, ?, ?)

-- name: find_tombstone
SELECT 1 FROM tombstones WHERE id = ?1 AND tenant = ?2

-- name: find_by_id
SELECT {head} FROM jobs WHERE id = ?1 AND tenant = ?2

-- name: find_by_unique_key
SELECT {head} FROM jobs WHERE tenant = ?1 AND unique_key = ?2 AND live = 1

-- name: find_by_sequence
SELECT {head} FROM jobs WHERE seq = ?1

-- name: use_upload
UPDATE uploads SET job = ?5 WHERE tenant = ?1 AND id = ?2 AND owner = ?3 AND job IS NULL AND expires_at > ?4

-- name: find_request
SELECT fingerprint, jobs FROM idempotency WHERE tenant = ?1 AND scope = ?2 AND expires_at > ?3

-- name: save_request
INSERT OR REPLACE INTO idempotency (tenant, scope, fingerprint, expires_at, jobs) VALUES (?1, ?2, ?3, ?4, ?5)
