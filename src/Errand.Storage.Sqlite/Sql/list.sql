-- name: read
SELECT {head}, {details}, {progress}, items.completed, items.failed
FROM jobs
LEFT JOIN job_details AS details ON details.job = jobs.seq
LEFT JOIN job_progress AS progress ON progress.job = jobs.seq
LEFT JOIN job_item_counts AS items ON items.job = jobs.seq
WHERE jobs.seq = ?1

-- name: has_label
SELECT 1 FROM job_labels WHERE tenant = ?1 AND key = ?2 AND value = ?3 AND job = ?4

-- name: all_descending
SELECT {scanned} FROM jobs INDEXED BY jobs_all WHERE tenant = ?1 AND seq < ?2 ORDER BY seq DESC

-- name: all_ascending
SELECT {scanned} FROM jobs INDEXED BY jobs_all WHERE tenant = ?1 AND seq > ?2 ORDER BY seq

-- name: own_descending
SELECT {scanned} FROM jobs INDEXED BY jobs_own WHERE owner = ?1 AND seq < ?2 ORDER BY seq DESC

-- name: own_ascending
SELECT {scanned} FROM jobs INDEXED BY jobs_own WHERE owner = ?1 AND seq > ?2 ORDER BY seq

-- name: live_descending
SELECT {scanned} FROM jobs INDEXED BY jobs_live WHERE tenant = ?1 AND live = 1 AND seq < ?2 ORDER BY seq DESC

-- name: live_ascending
SELECT {scanned} FROM jobs INDEXED BY jobs_live WHERE tenant = ?1 AND live = 1 AND seq > ?2 ORDER BY seq

-- name: troubled_descending
SELECT {scanned} FROM jobs INDEXED BY jobs_troubled WHERE tenant = ?1 AND state IN (4, 5) AND seq < ?2 ORDER BY seq DESC

-- name: troubled_ascending
SELECT {scanned} FROM jobs INDEXED BY jobs_troubled WHERE tenant = ?1 AND state IN (4, 5) AND seq > ?2 ORDER BY seq

-- name: labelled_descending
SELECT {scanned}
FROM job_labels AS label CROSS JOIN jobs ON jobs.seq = label.job
WHERE label.tenant = ?1 AND label.key = ?2 AND label.value = ?3 AND label.job < ?4
ORDER BY label.job DESC

-- name: labelled_ascending
SELECT {scanned}
FROM job_labels AS label CROSS JOIN jobs ON jobs.seq = label.job
WHERE label.tenant = ?1 AND label.key = ?2 AND label.value = ?3 AND label.job > ?4
ORDER BY label.job

-- name: finished_descending
SELECT {scanned} FROM jobs INDEXED BY jobs_finished
WHERE tenant = ?1 AND finished_at IS NOT NULL AND (finished_at, seq) < (?2, ?3)
ORDER BY finished_at DESC, seq DESC

-- name: finished_ascending
SELECT {scanned} FROM jobs INDEXED BY jobs_finished
WHERE tenant = ?1 AND finished_at IS NOT NULL AND (finished_at, seq) > (?2, ?3)
ORDER BY finished_at, seq

-- name: claimed
SELECT seq FROM jobs INDEXED BY jobs_claimed WHERE state IN (1, 2)

-- name: next_shelf
SELECT shelf FROM jobs INDEXED BY jobs_waiting WHERE shelf > ?1 ORDER BY shelf LIMIT 1

-- name: due_on
SELECT seq FROM jobs INDEXED BY jobs_waiting WHERE shelf = ?1 AND due_at <= ?2

-- name: later_on
SELECT seq FROM jobs INDEXED BY jobs_waiting WHERE shelf = ?1 AND due_at > ?2

-- name: one
SELECT {scanned} FROM jobs WHERE seq = ?1 AND tenant = ?2
