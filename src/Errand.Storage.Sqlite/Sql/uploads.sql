-- name: insert
INSERT INTO uploads (tenant, id, owner, format, items, size, digest, location, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: find
SELECT id, tenant, owner, format, items, size, digest, location, created_at, expires_at FROM uploads WHERE tenant = ?1 AND id = ?2
