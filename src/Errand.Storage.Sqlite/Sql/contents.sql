-- name: holds
SELECT 1 FROM jobs WHERE seq = ?1 AND token = ?2 AND state IN (1, 2)

-- name: save_progress
INSERT INTO job_progress (job, sequence, percent, completed, total, failed, unit, message, updated_at)
VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (job) DO UPDATE SET
    sequence = sequence + 1, percent = ?2, completed = ?3, total = ?4, failed = ?5, unit = ?6, message = ?7, updated_at = ?8
RETURNING sequence

-- name: load_log
SELECT last, head_last, head_bytes, tail_first, tail_bytes, dropped FROM job_logs WHERE job = ?1

-- name: save_log
INSERT OR REPLACE INTO job_logs (job, last, head_last, head_bytes, tail_first, tail_bytes, dropped) VALUES (?, ?, ?, ?, ?, ?, ?)

-- name: insert_message
INSERT INTO job_messages (job, sequence, time, severity, text, source, attempt) VALUES (?, ?, ?, ?, ?, ?, ?)

-- name: delete_message
DELETE FROM job_messages WHERE job = ?1 AND sequence = ?2 RETURNING octet_length(text)

-- name: list_messages
SELECT sequence, time, severity, text, source, attempt FROM job_messages
WHERE job = ?1 AND sequence > ?2 AND severity >= ?3 AND (?4 IS NULL OR attempt = ?4)
ORDER BY sequence
LIMIT ?5

-- name: count_dropped
SELECT dropped FROM job_logs WHERE job = ?1

-- name: load_item_counts
SELECT completed, failed FROM job_item_counts WHERE job = ?1

-- name: save_item_counts
INSERT OR REPLACE INTO job_item_counts (job, completed, failed) VALUES (?, ?, ?)

-- name: find_item_key
SELECT idx FROM job_items WHERE job = ?1 AND key = ?2

-- name: find_item_status
SELECT status FROM job_items WHERE job = ?1 AND idx = ?2

-- name: last_item_index
SELECT max(idx) FROM job_items WHERE job = ?1

-- name: insert_item
INSERT INTO job_items (job, idx, key, status, result, error) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING

-- name: update_item
UPDATE job_items SET key = ?3, status = ?4, result = ?5, error = ?6 WHERE job = ?1 AND idx = ?2

-- name: list_items
SELECT idx, key, status, result, error FROM job_items
WHERE job = ?1 AND idx > ?2 AND (?3 IS NULL OR status = ?3)
ORDER BY idx
LIMIT ?4

-- name: list_failed_items
SELECT idx, key, status, result, error FROM job_items INDEXED BY job_items_failed
WHERE job = ?1 AND idx > ?2 AND status = 1
ORDER BY idx
LIMIT ?3

-- name: find_output
SELECT entry FROM job_outputs WHERE job = ?1 AND id = ?2

-- name: delete_output
DELETE FROM job_outputs WHERE job = ?1 AND entry = ?2

-- name: delete_formats
DELETE FROM job_output_formats WHERE job = ?1 AND output = ?2 RETURNING location, size

-- name: insert_output
INSERT INTO job_outputs (job, entry, id, file_name, created_at, attempt)
VALUES (?1, (SELECT coalesce(max(entry), 0) + 1 FROM job_outputs WHERE job = ?1), ?2, ?3, ?4, ?5)
RETURNING entry

-- name: insert_format
INSERT INTO job_output_formats (job, output, position, format, content_type, size, digest, location) VALUES (?, ?, ?, ?, ?, ?, ?, ?)

-- name: list_outputs
SELECT output.entry, output.id, output.file_name, output.created_at, output.attempt,
    format.format, format.content_type, format.size, format.digest, format.location
FROM job_outputs AS output
JOIN job_output_formats AS format ON format.job = output.job AND format.output = output.entry
WHERE output.job = ?1
ORDER BY output.entry, format.position

-- name: count_output_bytes
UPDATE tenants SET output_bytes = output_bytes + ?2 WHERE id = ?1

-- name: output_bytes
SELECT output_bytes FROM tenants WHERE name = ?1
