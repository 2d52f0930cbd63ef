-- name: find
SELECT tenant, name, version, next_at, body FROM schedules WHERE tenant = ?1 AND name = ?2

-- name: list
SELECT tenant, name, version, next_at, body FROM schedules WHERE tenant = ?1 AND name > ?2 ORDER BY name LIMIT ?3

-- name: list_due
SELECT tenant, name, version, next_at, body FROM schedules WHERE next_at <= ?1 ORDER BY next_at LIMIT ?2

-- name: insert
INSERT INTO schedules (tenant, name, version, next_at, body) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING

-- name: update
UPDATE schedules SET version = ?1, next_at = ?2, body = ?3 WHERE tenant = ?4 AND name = ?5 AND version = ?6

-- name: remove
DELETE FROM schedules WHERE tenant = ?1 AND name = ?2 AND version = ?3
