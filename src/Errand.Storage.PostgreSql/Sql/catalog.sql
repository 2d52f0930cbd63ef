-- name: save_types
INSERT INTO errand.types (name, declaration, seen_at) SELECT * FROM unnest($1::text[], $2::bytea[], $3::bigint[])
ON CONFLICT (name) DO UPDATE SET declaration = excluded.declaration, seen_at = excluded.seen_at

-- name: list_types
SELECT name, declaration, seen_at FROM errand.types ORDER BY name

-- name: save_queue
INSERT INTO errand.queues (name, paused, max_concurrency, rate) VALUES ($1, $2, $3, $4)
ON CONFLICT (name) DO UPDATE SET paused = excluded.paused, max_concurrency = excluded.max_concurrency, rate = excluded.rate

-- name: list_known_queues
SELECT known.name, coalesce(queues.paused, false), queues.max_concurrency, queues.rate
FROM (
    SELECT name FROM errand.queues
    UNION
    SELECT lanes.queue FROM errand.lane_counts AS counts JOIN errand.lanes AS lanes ON lanes.id = counts.lane
    GROUP BY lanes.queue HAVING sum(counts.jobs) > 0) AS known
LEFT JOIN errand.queues AS queues USING (name)
ORDER BY known.name

-- name: count
SELECT lanes.tenant, lanes.queue, lanes.type, counts.state, sum(counts.jobs)::bigint
FROM errand.lane_counts AS counts JOIN errand.lanes AS lanes ON lanes.id = counts.lane
WHERE $1::text IS NULL OR lanes.tenant = $1
GROUP BY lanes.tenant, lanes.queue, lanes.type, counts.state
HAVING sum(counts.jobs) > 0

-- name: oldest_due
SELECT min(first.due_at)
FROM errand.lanes AS lanes
CROSS JOIN generate_series(0, 19) AS place
CROSS JOIN LATERAL (
    SELECT due_at FROM errand.waiting WHERE waiting.shelf = lanes.id::bigint * 20 + place ORDER BY due_at, seq LIMIT 1) AS first
WHERE lanes.queue = $1 AND first.due_at <= $2
