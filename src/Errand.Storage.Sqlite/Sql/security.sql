-- name: stamp
SELECT value FROM counters WHERE name = 'stamp'

-- name: move_stamp
UPDATE counters SET value = value + 1 WHERE name = 'stamp'

-- name: insert_token
INSERT INTO tokens (id, secret_hash, tenant, subject, scopes, roles, created_at, expires_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: find_token
SELECT id, secret_hash, tenant, subject, scopes, roles, created_at, expires_at, revoked_at FROM tokens WHERE id = ?1

-- name: list_tokens
SELECT id, secret_hash, tenant, subject, scopes, roles, created_at, expires_at, revoked_at FROM tokens ORDER BY created_at DESC, id

-- name: revoke_token
UPDATE tokens SET revoked_at = coalesce(revoked_at, ?2) WHERE id = ?1

-- name: add_key
INSERT INTO keys (name, value) VALUES (?1, ?2) ON CONFLICT DO NOTHING

-- name: find_key
SELECT value FROM keys WHERE name = ?1
