-- name: moment
SELECT pg_snapshot_xmin(now.snapshot)::text::bigint, pg_snapshot_xmax(now.snapshot)::text::bigint, (SELECT last_value FROM errand.job_sequence)
FROM (SELECT pg_current_snapshot() AS snapshot) AS now

-- name: changed
SELECT seq, version FROM errand.jobs WHERE tenant = $1 AND seq > $2
UNION ALL
SELECT seq, version FROM errand.jobs WHERE tenant = $1 AND version > 1 AND updated_at >= $3
UNION ALL
SELECT seq, version FROM errand.claimed WHERE updated_at >= $3
UNION ALL
SELECT seq, version FROM errand.finished WHERE tenant = $1 AND finished_at >= $3

-- name: heads
SELECT {head} FROM errand.jobs AS jobs {places} WHERE jobs.seq = ANY ($1::bigint[]) ORDER BY jobs.seq
