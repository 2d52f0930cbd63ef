-- name: hold
SELECT claimed.seq FROM errand.claimed AS claimed
JOIN unnest($1::bigint[], $2::bigint[]) AS ticket (seq, token) ON claimed.seq = ticket.seq AND claimed.token = ticket.token
WHERE claimed.seq = ANY ($1::bigint[])
ORDER BY claimed.seq FOR KEY SHARE OF claimed

-- name: save_progress
INSERT INTO errand.job_progress AS progress (job, sequence, percent, completed, total, failed, unit, message, updated_at)
VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (job) DO UPDATE SET
    sequence = progress.sequence + 1, percent = excluded.percent, completed = excluded.completed, total = excluded.total,
    failed = excluded.failed, unit = excluded.unit, message = excluded.message, updated_at = excluded.updated_at
RETURNING sequence

-- name: start_log
INSERT INTO errand.job_logs (job, last, head_last, head_bytes, tail_first, tail_bytes, dropped) VALUES ($1, 0, NULL, 0, 1, 0, 0)
ON CONFLICT DO NOTHING

-- name: load_log
SELECT last, head_last, head_bytes, tail_first, tail_bytes, dropped FROM errand.job_logs WHERE job = $1 FOR UPDATE

-- name: tail_sizes
SELECT sequence, octet_length(text) FROM errand.job_messages WHERE job = $1 AND sequence >= $2 ORDER BY sequence

-- name: save_log
UPDATE errand.job_logs SET last = $2, head_last = $3, head_bytes = $4, tail_first = $5, tail_bytes = $6, dropped = $7 WHERE job = $1

-- name: insert_messages
INSERT INTO errand.job_messages (job, sequence, time, severity, text, source, attempt)
SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::smallint[], $5::text[], $6::integer[], $7::integer[])

-- name: delete_messages
DELETE FROM errand.job_messages WHERE job = $1 AND sequence >= $2 AND sequence < $3

-- name: list_messages
SELECT sequence, time, severity, text, source, attempt FROM errand.job_messages
WHERE job = $1 AND sequence > $2 AND severity >= $3 AND ($4::integer IS NULL OR attempt = $4)
ORDER BY sequence
LIMIT $5

-- name: count_dropped
SELECT dropped FROM errand.job_logs WHERE job = $1

-- name: start_item_counts
INSERT INTO errand.job_item_counts (job, completed, failed) VALUES ($1, 0, 0) ON CONFLICT DO NOTHING

-- name: load_item_counts
SELECT completed, failed FROM errand.job_item_counts WHERE job = $1 FOR UPDATE

-- name: find_item_keys
SELECT key, min(idx) FROM errand.job_items WHERE job = $1 AND key = ANY ($2::text[]) GROUP BY key

-- name: last_item_index
SELECT coalesce(max(idx), -1) FROM errand.job_items WHERE job = $1

-- name: find_item_statuses
SELECT idx, status FROM errand.job_items WHERE job = $1 AND idx = ANY ($2::integer[])

-- name: save_items
INSERT INTO errand.job_items (job, idx, key, status, result, error)
SELECT $1, * FROM unnest($2::integer[], $3::text[], $4::smallint[], $5::bytea[], $6::bytea[])
ON CONFLICT (job, idx) DO UPDATE SET key = excluded.key, status = excluded.status, result = excluded.result, error = excluded.error

-- name: save_item_counts
UPDATE errand.job_item_counts SET completed = $2, failed = $3 WHERE job = $1

-- name: list_items
SELECT idx, key, status, result, error FROM errand.job_items
WHERE job = $1 AND idx > $2 AND ($3::smallint IS NULL OR status = $3)
ORDER BY idx
LIMIT $4

-- name: list_failed_items
SELECT idx, key, status, result, error FROM errand.job_items WHERE job = $1 AND idx > $2 AND status = 1 ORDER BY idx LIMIT $3

-- name: lock_job
SELECT 1 FROM errand.claimed WHERE seq = $1 FOR NO KEY UPDATE

-- name: delete_output
DELETE FROM errand.job_outputs WHERE job = $1 AND id = $2 RETURNING entry

-- name: delete_formats
DELETE FROM errand.job_output_formats WHERE job = $1 AND output = ANY ($2::integer[]) RETURNING location, size

-- name: insert_output
INSERT INTO errand.job_outputs (job, entry, id, file_name, created_at, attempt)
VALUES ($1, (SELECT coalesce(max(output), 0) + 1 FROM (
    SELECT max(entry) AS output FROM errand.job_outputs WHERE job = $1
    UNION ALL SELECT max(output) FROM errand.job_output_formats WHERE job = $1) AS former), $2, $3, $4, $5)
RETURNING entry

-- name: insert_formats
INSERT INTO errand.job_output_formats (job, output, position, format, content_type, size, digest, location)
SELECT $1, $2, * FROM unnest($3::integer[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[])

-- name: list_outputs
SELECT output.entry, output.id, output.file_name, output.created_at, output.attempt,
    format.format, format.content_type, format.size, format.digest, format.location
FROM errand.job_outputs AS output
JOIN errand.job_output_formats AS format ON format.job = output.job AND format.output = output.entry
WHERE output.job = $1
ORDER BY output.entry, format.position

-- name: count_output_bytes
INSERT INTO errand.output_bytes AS held (tenant, bytes) VALUES ($1, $2)
ON CONFLICT (tenant) DO UPDATE SET bytes = held.bytes + excluded.bytes

-- name: output_bytes
SELECT bytes FROM errand.output_bytes WHERE tenant = $1
