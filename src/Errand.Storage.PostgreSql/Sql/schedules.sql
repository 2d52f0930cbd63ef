-- name: find
SELECT tenant, name, version, next_at, body FROM errand.schedules WHERE tenant = $1 AND name = $2

-- name: list
SELECT tenant, name, version, next_at, body FROM errand.schedules
WHERE tenant = $1 AND name COLLATE "C" > $2 ORDER BY name COLLATE "C" LIMIT $3

-- name: list_due
SELECT tenant, name, version, next_at, body FROM errand.schedules WHERE next_at <= $1 ORDER BY next_at LIMIT $2

-- name: insert
INSERT INTO errand.schedules (tenant, name, version, next_at, body) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING 1

-- name: update
UPDATE errand.schedules SET version = $3, next_at = $4, body = $5 WHERE tenant = $1 AND name = $2 AND version = $6 RETURNING 1

-- name: remove
DELETE FROM errand.schedules WHERE tenant = $1 AND name = $2 AND version = $3 RETURNING 1
