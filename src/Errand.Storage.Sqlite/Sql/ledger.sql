-- name: load_tenants
SELECT id, name FROM tenants

-- name: load_owners
SELECT id, tenant, name FROM owners

-- name: load_lanes
SELECT id, tenant, queue, type, queued, running, canceling, succeeded, failed, canceled FROM lanes

-- name: load_shelves
SELECT shelf, count(*) FROM jobs WHERE shelf IS NOT NULL GROUP BY shelf

-- name: load_counters
SELECT (SELECT value FROM counters WHERE name = 'sequence'), (SELECT value FROM counters WHERE name = 'token')

-- name: insert_tenant
INSERT INTO tenants (id, name) VALUES (?1, ?2)

-- name: insert_owner
INSERT INTO owners (id, tenant, name) VALUES (?1, ?2, ?3)

-- name: save_lane
INSERT INTO lanes (id, tenant, queue, type, queued, running, canceling, succeeded, failed, canceled)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
ON CONFLICT (id) DO UPDATE SET
    queued = ?5, running = ?6, canceling = ?7, succeeded = ?8, failed = ?9, canceled = ?10

-- name: save_counters
UPDATE counters SET value = CASE name WHEN 'sequence' THEN ?1 ELSE ?2 END WHERE name IN ('sequence', 'token')
