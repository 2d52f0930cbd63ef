-- name: list_expired
SELECT seq FROM jobs INDEXED BY jobs_expiring
WHERE expires_at IS NOT NULL AND live IS NULL AND expires_at <= ?1
ORDER BY expires_at, seq
LIMIT ?2

-- name: find_finished
SELECT seq FROM jobs WHERE id = ?1 AND tenant = ?2 AND live IS NULL

-- name: insert_tombstone
INSERT OR REPLACE INTO tombstones (id, tenant, owner, purged_at) VALUES (?, ?, ?, ?)

-- name: delete_formats
DELETE FROM job_output_formats WHERE job = ?1 RETURNING location, size

-- name: delete_uploads
DELETE FROM uploads WHERE job = ?1 RETURNING location

-- name: delete_item_counts
DELETE FROM job_item_counts WHERE job = ?1

-- name: delete_log
DELETE FROM job_logs WHERE job = ?1

-- name: leave_over
INSERT INTO leftovers (job) VALUES (?1)

-- name: delete_outputs
DELETE FROM job_outputs WHERE job = ?1

-- name: delete_progress
DELETE FROM job_progress WHERE job = ?1

-- name: delete_attempts
DELETE FROM job_attempts WHERE job = ?1

-- name: delete_result
DELETE FROM job_results WHERE job = ?1

-- name: delete_input
DELETE FROM job_inputs WHERE job = ?1

-- name: delete_details
DELETE FROM job_details WHERE job = ?1

-- name: delete_job
DELETE FROM jobs WHERE seq = ?1

-- name: first_leftover
SELECT job FROM leftovers ORDER BY job LIMIT 1

-- name: delete_items
DELETE FROM job_items WHERE job = ?1 AND idx IN (SELECT idx FROM job_items WHERE job = ?1 ORDER BY idx LIMIT ?2)

-- name: delete_messages
DELETE FROM job_messages WHERE job = ?1 AND sequence IN (SELECT sequence FROM job_messages WHERE job = ?1 ORDER BY sequence LIMIT ?2)

-- name: forget_leftover
DELETE FROM leftovers WHERE job = ?1

-- name: walk_tombstones
SELECT id, tenant, purged_at FROM tombstones WHERE (id, tenant) > (?1, ?2) ORDER BY id, tenant

-- name: delete_tombstone
DELETE FROM tombstones WHERE id = ?1 AND tenant = ?2

-- name: forget_requests
DELETE FROM idempotency WHERE (tenant, scope) IN (
    SELECT tenant, scope FROM idempotency INDEXED BY idempotency_expires WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)

-- name: forget_uploads
DELETE FROM uploads WHERE (tenant, id) IN (
    SELECT tenant, id FROM uploads INDEXED BY uploads_unused WHERE job IS NULL AND expires_at <= ?1 ORDER BY expires_at LIMIT ?2)
RETURNING location
