-- name: lock_expired
SELECT seq, expires_at FROM errand.finished
WHERE expires_at IS NOT NULL AND expires_at <= $1 AND expires_at >= $3 ORDER BY expires_at, seq LIMIT $2 FOR UPDATE SKIP LOCKED

-- name: lock_finished
-- The tenant is no reason to take an index; see named.
SELECT finished.seq, finished.expires_at FROM errand.jobs AS jobs JOIN errand.finished AS finished ON finished.seq = jobs.seq
WHERE jobs.id = $1 AND jobs.tenant || '' = $2 FOR UPDATE OF finished

-- name: insert_tombstones
INSERT INTO errand.tombstones (id, tenant, owner, purged_at)
SELECT id, tenant, owner, $2 FROM errand.jobs WHERE seq = ANY ($1::bigint[])
ON CONFLICT (id, tenant) DO UPDATE SET owner = excluded.owner, purged_at = excluded.purged_at

-- name: count_off
INSERT INTO errand.lane_counts (lane, state, jobs)
SELECT jobs.lane, finished.state, -count(*)
FROM errand.jobs AS jobs JOIN errand.finished AS finished ON finished.seq = jobs.seq
WHERE jobs.seq = ANY ($1::bigint[])
GROUP BY jobs.lane, finished.state

-- name: free_output_bytes
UPDATE errand.output_bytes AS held SET bytes = held.bytes - freed.bytes
FROM (
    SELECT jobs.tenant, sum(formats.size) AS bytes
    FROM errand.job_output_formats AS formats JOIN errand.jobs AS jobs ON jobs.seq = formats.job
    WHERE formats.job = ANY ($1::bigint[])
    GROUP BY jobs.tenant) AS freed
WHERE held.tenant = freed.tenant

-- name: delete_formats
DELETE FROM errand.job_output_formats WHERE job = ANY ($1::bigint[]) RETURNING location

-- name: delete_uploads
DELETE FROM errand.uploads AS uploads USING errand.upload_uses AS uses
WHERE uses.job = ANY ($1::bigint[]) AND uploads.tenant = uses.tenant AND uploads.id = uses.upload
RETURNING uploads.location

-- name: delete_upload_uses
DELETE FROM errand.upload_uses WHERE job = ANY ($1::bigint[])

-- name: leave_over
INSERT INTO errand.leftovers (job)
SELECT job FROM errand.job_item_counts WHERE job = ANY ($1::bigint[]) UNION SELECT job FROM errand.job_logs WHERE job = ANY ($1::bigint[])

-- name: delete_item_counts
DELETE FROM errand.job_item_counts WHERE job = ANY ($1::bigint[])

-- name: delete_logs
DELETE FROM errand.job_logs WHERE job = ANY ($1::bigint[])

-- name: delete_labels
DELETE FROM errand.job_labels WHERE job = ANY ($1::bigint[])

-- name: delete_outputs
DELETE FROM errand.job_outputs WHERE job = ANY ($1::bigint[])

-- name: delete_progress
DELETE FROM errand.job_progress WHERE job = ANY ($1::bigint[])

-- name: delete_attempts
DELETE FROM errand.job_attempts WHERE job = ANY ($1::bigint[])

-- name: delete_results
DELETE FROM errand.job_results WHERE job = ANY ($1::bigint[])

-- name: delete_inputs
DELETE FROM errand.job_inputs WHERE job = ANY ($1::bigint[])

-- name: delete_details
DELETE FROM errand.job_details WHERE job = ANY ($1::bigint[])

-- name: delete_finished
DELETE FROM errand.finished WHERE seq = ANY ($1::bigint[])

-- name: delete_jobs
DELETE FROM errand.jobs WHERE seq = ANY ($1::bigint[])

-- name: lock_leftover
SELECT job FROM errand.leftovers ORDER BY job LIMIT 1 FOR UPDATE SKIP LOCKED

-- name: delete_items
DELETE FROM errand.job_items WHERE job = $1 AND idx IN (SELECT idx FROM errand.job_items WHERE job = $1 ORDER BY idx LIMIT $2)

-- name: delete_messages
DELETE FROM errand.job_messages
WHERE job = $1 AND sequence IN (SELECT sequence FROM errand.job_messages WHERE job = $1 ORDER BY sequence LIMIT $2)

-- name: forget_leftover
DELETE FROM errand.leftovers WHERE job = $1

-- name: forget_tombstones
DELETE FROM errand.tombstones WHERE (id, tenant) IN (
    SELECT id, tenant FROM errand.tombstones WHERE purged_at < $1 AND purged_at >= $3 ORDER BY purged_at LIMIT $2)
RETURNING purged_at

-- name: forget_requests
DELETE FROM errand.idempotency WHERE (tenant, scope) IN (
    SELECT tenant, scope FROM errand.idempotency WHERE expires_at <= $1 AND expires_at >= $3 ORDER BY expires_at LIMIT $2)
RETURNING expires_at

-- name: forget_uploads
DELETE FROM errand.uploads WHERE (tenant, id) IN (
    SELECT tenant, id FROM errand.uploads AS old WHERE expires_at <= $1
        AND NOT EXISTS (SELECT 1 FROM errand.upload_uses AS uses WHERE uses.tenant = old.tenant AND uses.upload = old.id)
    ORDER BY expires_at LIMIT $2)
RETURNING location
