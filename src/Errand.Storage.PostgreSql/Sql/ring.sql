-- name: read
SELECT slot, later, turned_at FROM errand.ring

-- name: sizes
SELECT slot::smallint, pg_relation_size(('errand.waiting_' || slot)::regclass) FROM generate_series(0, 5) AS slot ORDER BY slot

-- name: dead
SELECT pg_stat_get_dead_tuples(('errand.' || name)::regclass) FROM unnest($1::text[]) WITH ORDINALITY AS one (name, place) ORDER BY place

-- name: turn
UPDATE errand.ring SET slot = $1, later = $2, turned_at = $3 WHERE slot = $4 AND later = $5 AND turned_at = $6

-- name: count_left
SELECT count(*) FROM (SELECT FROM errand.waiting_0 LIMIT $1) AS few

-- name: move_left
WITH moved AS (
    DELETE FROM errand.waiting_0 WHERE seq = ANY (ARRAY(SELECT seq FROM errand.waiting_0 LIMIT $1 FOR UPDATE SKIP LOCKED))
    RETURNING shelf, due_at, seq, version),
there AS (
    INSERT INTO errand.waiting (shelf, due_at, seq, version, slot) SELECT shelf, due_at, seq, version, $2::smallint FROM moved
    RETURNING shelf, due_at)
SELECT shelf, min(due_at) FROM there GROUP BY shelf

-- name: look_below
SELECT mark.shelf, first.due_at, first.seq
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS mark (shelf, due_at, seq)
CROSS JOIN LATERAL (
    SELECT due_at, seq FROM errand.waiting
    WHERE waiting.shelf = mark.shelf AND (waiting.due_at, waiting.seq) <= (mark.due_at, mark.seq) ORDER BY due_at, seq LIMIT 1) AS first

-- name: may_empty
SELECT NOT EXISTS (SELECT FROM errand.waiting_0) AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name LIKE 'pg\_dump%')

-- name: small_sizes
SELECT name, pg_relation_size(('errand.' || name)::regclass) FROM unnest($1::text[]) AS name
