-- name: insert_client
INSERT INTO errand.clients (id, version, tenant, scopes, roles, secrets, generation, created_at, revoked_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT DO NOTHING
RETURNING 1

-- name: update_client
UPDATE errand.clients SET
    version = $2, tenant = $3, scopes = $4, roles = $5, secrets = $6, generation = $7, created_at = $8, revoked_at = $9
WHERE id = $1 AND version = $2 - 1
RETURNING 1

-- name: find_client
SELECT id, version, tenant, scopes, roles, secrets, generation, created_at, revoked_at FROM errand.clients WHERE id = $1

-- name: list_clients
SELECT id, version, tenant, scopes, roles, secrets, generation, created_at, revoked_at FROM errand.clients ORDER BY id

-- name: insert_collection
INSERT INTO errand.collections (tenant, name, version, members, types, schedules) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING
RETURNING 1

-- name: update_collection
UPDATE errand.collections SET version = $3, members = $4, types = $5, schedules = $6
WHERE tenant = $1 AND name = $2 AND version = $3 - 1
RETURNING 1

-- name: list_collections
SELECT tenant, name, version, members, types, schedules FROM errand.collections ORDER BY tenant, name

-- name: remove_collection
DELETE FROM errand.collections WHERE tenant = $1 AND name = $2 RETURNING 1
