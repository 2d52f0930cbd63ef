-- name: last_sequence
SELECT last_value FROM errand.job_sequence

-- name: on_their_way
SELECT virtualtransaction FROM pg_locks
WHERE relation = 'errand.job_sequence'::regclass AND mode = 'RowExclusiveLock'
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())

-- name: read
SELECT {head}, {details}, {progress}, items.completed, items.failed
FROM errand.jobs AS jobs
{places}
LEFT JOIN errand.job_details AS details ON details.job = jobs.seq
LEFT JOIN errand.job_progress AS progress ON progress.job = jobs.seq
LEFT JOIN errand.job_item_counts AS items ON items.job = jobs.seq
WHERE jobs.seq = ANY ($1::bigint[])

-- name: labelled
SELECT job FROM errand.job_labels WHERE tenant = $1 AND key = $2 AND value = $3 AND job = ANY ($4::bigint[])

-- name: all_descending
SELECT {scanned} FROM errand.jobs AS jobs {places} WHERE jobs.tenant = $1 AND jobs.seq < $2 ORDER BY jobs.seq DESC LIMIT $3

-- name: all_ascending
SELECT {scanned} FROM errand.jobs AS jobs {places} WHERE jobs.tenant = $1 AND jobs.seq > $2 ORDER BY jobs.seq LIMIT $3

-- name: own_descending
SELECT {scanned} FROM errand.jobs AS jobs {places} WHERE jobs.tenant = $1 AND jobs.owner = $4 AND jobs.seq < $2 ORDER BY jobs.seq DESC LIMIT $3

-- name: own_ascending
SELECT {scanned} FROM errand.jobs AS jobs {places} WHERE jobs.tenant = $1 AND jobs.owner = $4 AND jobs.seq > $2 ORDER BY jobs.seq LIMIT $3

-- name: live_descending
SELECT {scanned}
FROM (
    SELECT seq FROM errand.waiting WHERE seq < $2
    UNION ALL SELECT seq FROM errand.claimed WHERE seq < $2 ORDER BY seq DESC LIMIT $3) AS live
JOIN errand.jobs AS jobs ON jobs.seq = live.seq {places} WHERE $1::text IS NOT NULL ORDER BY jobs.seq DESC

-- name: live_ascending
SELECT {scanned}
FROM (
    SELECT seq FROM errand.waiting WHERE seq > $2
    UNION ALL SELECT seq FROM errand.claimed WHERE seq > $2 ORDER BY seq LIMIT $3) AS live
JOIN errand.jobs AS jobs ON jobs.seq = live.seq {places} WHERE $1::text IS NOT NULL ORDER BY jobs.seq

-- name: claimed_descending
SELECT {scanned}
FROM (SELECT seq FROM errand.claimed WHERE seq < $2 ORDER BY seq DESC LIMIT $3) AS live
JOIN errand.jobs AS jobs ON jobs.seq = live.seq {places} WHERE $1::text IS NOT NULL ORDER BY jobs.seq DESC

-- name: claimed_ascending
SELECT {scanned}
FROM (SELECT seq FROM errand.claimed WHERE seq > $2 ORDER BY seq LIMIT $3) AS live
JOIN errand.jobs AS jobs ON jobs.seq = live.seq {places} WHERE $1::text IS NOT NULL ORDER BY jobs.seq

-- name: troubled_descending
SELECT {scanned}
FROM (
    SELECT seq FROM errand.finished WHERE tenant = $1 AND state IN (4, 5) AND seq < $2 ORDER BY seq DESC LIMIT $3) AS troubled
JOIN errand.jobs AS jobs ON jobs.seq = troubled.seq {places} ORDER BY jobs.seq DESC

-- name: troubled_ascending
SELECT {scanned}
FROM (
    SELECT seq FROM errand.finished WHERE tenant = $1 AND state IN (4, 5) AND seq > $2 ORDER BY seq LIMIT $3) AS troubled
JOIN errand.jobs AS jobs ON jobs.seq = troubled.seq {places} ORDER BY jobs.seq

-- name: labelled_descending
SELECT {scanned}
FROM (
    SELECT job FROM errand.job_labels WHERE tenant = $1 AND key = $4 AND value = $5 AND job < $2 ORDER BY job DESC LIMIT $3) AS label
JOIN errand.jobs AS jobs ON jobs.seq = label.job {places} ORDER BY jobs.seq DESC

-- name: labelled_ascending
SELECT {scanned}
FROM (
    SELECT job FROM errand.job_labels WHERE tenant = $1 AND key = $4 AND value = $5 AND job > $2 ORDER BY job LIMIT $3) AS label
JOIN errand.jobs AS jobs ON jobs.seq = label.job {places} ORDER BY jobs.seq

-- name: finished_descending
SELECT {scanned}
FROM (
    SELECT seq FROM errand.finished WHERE tenant = $1 AND finished_at IS NOT NULL AND (finished_at, seq) < ($4, $2)
    ORDER BY finished_at DESC, seq DESC LIMIT $3) AS over
JOIN errand.jobs AS jobs ON jobs.seq = over.seq {places} ORDER BY finished.finished_at DESC, jobs.seq DESC

-- name: finished_ascending
SELECT {scanned}
FROM (
    SELECT seq FROM errand.finished WHERE tenant = $1 AND finished_at IS NOT NULL AND (finished_at, seq) > ($4, $2)
    ORDER BY finished_at, seq LIMIT $3) AS over
JOIN errand.jobs AS jobs ON jobs.seq = over.seq {places} ORDER BY finished.finished_at, jobs.seq
