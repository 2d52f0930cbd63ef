-- name: insert
INSERT INTO errand.uploads (tenant, id, owner, format, items, size, digest, location, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- name: find
SELECT id, tenant, owner, format, items, size, digest, location, created_at, expires_at FROM errand.uploads WHERE tenant = $1 AND id = $2
