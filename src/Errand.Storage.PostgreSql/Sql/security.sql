-- name: stamp
SELECT value FROM errand.stamps

-- name: move_stamp
UPDATE errand.stamps SET value = value + 1

-- name: insert_token
INSERT INTO errand.tokens (id, secret_hash, tenant, subject, scopes, roles, created_at, expires_at, revoked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: find_token
SELECT id, secret_hash, tenant, subject, scopes, roles, created_at, expires_at, revoked_at FROM errand.tokens WHERE id = $1

-- name: list_tokens
SELECT id, secret_hash, tenant, subject, scopes, roles, created_at, expires_at, revoked_at FROM errand.tokens ORDER BY created_at DESC, id

-- name: revoke_token
WITH revoked AS (UPDATE errand.tokens SET revoked_at = coalesce(revoked_at, $2) WHERE id = $1 RETURNING id),
     moved AS (UPDATE errand.stamps SET value = value + 1 WHERE EXISTS (SELECT FROM revoked))
SELECT id FROM revoked

-- name: add_key
INSERT INTO errand.keys (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING

-- name: find_key
SELECT value FROM errand.keys WHERE name = $1
