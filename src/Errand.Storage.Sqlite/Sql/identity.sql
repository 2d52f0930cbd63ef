-- name: insert_client
INSERT INTO clients (version, tenant, scopes, roles, secrets, generation, created_at, revoked_at, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING

-- name: update_client
UPDATE clients SET version = ?, tenant = ?, scopes = ?, roles = ?, secrets = ?, generation = ?, created_at = ?, revoked_at = ?
WHERE id = ? AND version = ?

-- name: find_client
SELECT id, version, tenant, scopes, roles, secrets, generation, created_at, revoked_at FROM clients WHERE id = ?1

-- name: list_clients
SELECT id, version, tenant, scopes, roles, secrets, generation, created_at, revoked_at FROM clients ORDER BY id

-- name: insert_collection
INSERT INTO collections (version, members, types, schedules, tenant, name) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING

-- name: update_collection
UPDATE collections SET version = ?, members = ?, types = ?, schedules = ? WHERE tenant = ? AND name = ? AND version = ?

-- name: list_collections
SELECT tenant, name, version, members, types, schedules FROM collections ORDER BY tenant, name

-- name: remove_collection
DELETE FROM collections WHERE tenant = ?1 AND name = ?2
