-- name: beat
INSERT INTO errand.nodes AS nodes (id, name, listens, started_at, beat_at) VALUES ($1, $2, $3, $4, $4)
ON CONFLICT (id) DO UPDATE SET listens = excluded.listens, beat_at = excluded.beat_at

-- name: others_listen
SELECT EXISTS (SELECT FROM errand.nodes WHERE id <> $1 AND listens AND beat_at > $2)

-- name: leave
DELETE FROM errand.nodes WHERE id = $1

-- name: forget
DELETE FROM errand.nodes WHERE beat_at < $1

-- name: timeline
SELECT ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::integer

-- name: tell
SELECT pg_notify($1, told) FROM unnest($2::text[]) AS told
