-- name: find
SELECT {head}, {details}, {progress}, items.completed, items.failed,
    result.content_type, result.output, result.size, result.digest, result.status_code, CASE WHEN ?3 THEN result.body END,
    input.job, input.version, input.upload, CASE WHEN ?4 THEN input.json END, CASE WHEN ?4 THEN input.items END
FROM jobs
LEFT JOIN job_details AS details ON details.job = jobs.seq
LEFT JOIN job_progress AS progress ON progress.job = jobs.seq
LEFT JOIN job_item_counts AS items ON items.job = jobs.seq
LEFT JOIN job_results AS result ON result.job = jobs.seq
LEFT JOIN job_inputs AS input ON ?4 AND input.job = jobs.seq
WHERE jobs.id = ?1 AND jobs.tenant = ?2

-- name: tombstone
SELECT owner, purged_at FROM tombstones WHERE id = ?1 AND tenant = ?2

-- name: attempts
SELECT number, started_at, finished_at, outcome, error, worker FROM job_attempts WHERE job = ?1 ORDER BY entry
