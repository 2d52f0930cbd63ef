-- name: save_type
INSERT OR REPLACE INTO types (name, declaration, seen_at) VALUES (?, ?, ?)

-- name: list_types
SELECT name, declaration, seen_at FROM types ORDER BY name

-- name: save_queue
INSERT OR REPLACE INTO queues (name, paused, max_concurrency, rate) VALUES (?, ?, ?, ?)

-- name: list_queues
SELECT name, paused, max_concurrency, rate FROM queues

-- name: list_known_queues
SELECT name, coalesce(paused, 0), max_concurrency, rate
FROM (SELECT name FROM queues UNION SELECT queue FROM lanes WHERE queued + running + canceling + succeeded + failed + canceled > 0)
LEFT JOIN queues USING (name)
ORDER BY name

-- name: count
SELECT tenants.name, queue, type, queued, running, canceling, succeeded, failed, canceled
FROM lanes JOIN tenants ON tenants.id = lanes.tenant
WHERE ?1 IS NULL OR tenants.name = ?1

-- name: oldest_due
WITH RECURSIVE places (place) AS (SELECT 0 UNION ALL SELECT place + 1 FROM places WHERE place < 19)
SELECT min(due_at)
FROM (
    SELECT (SELECT due_at FROM jobs INDEXED BY jobs_waiting WHERE shelf = lanes.id * 20 + place ORDER BY due_at LIMIT 1) AS due_at
    FROM lanes, places
    WHERE lanes.queue = ?1 AND lanes.queued > 0)
WHERE due_at <= ?2
