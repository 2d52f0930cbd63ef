-- name: add_lanes
INSERT INTO errand.lanes (tenant, queue, type)
SELECT tenant, queue, type FROM unnest($1::text[], $2::text[], $3::text[]) AS new (tenant, queue, type)
ON CONFLICT (queue, type, tenant) DO NOTHING

-- name: find_lanes
SELECT lanes.id, lanes.tenant, lanes.queue, lanes.type
FROM unnest($1::text[], $2::text[], $3::text[]) AS wanted (tenant, queue, type)
JOIN errand.lanes AS lanes ON lanes.queue = wanted.queue AND lanes.type = wanted.type AND lanes.tenant = wanted.tenant

-- name: count
INSERT INTO errand.lane_counts (lane, state, jobs)
SELECT lane, state, jobs FROM unnest($1::integer[], $2::smallint[], $3::bigint[]) AS change (lane, state, jobs)

-- name: add_up
WITH old AS (
    DELETE FROM errand.lane_counts
    WHERE ctid = ANY (ARRAY(SELECT ctid FROM errand.lane_counts FOR UPDATE SKIP LOCKED)) AND (SELECT count(*) FROM errand.lane_counts) > 200
    RETURNING lane, state, jobs)
INSERT INTO errand.lane_counts (lane, state, jobs)
SELECT lane, state, sum(jobs) FROM old GROUP BY lane, state HAVING sum(jobs) <> 0

-- name: now
SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint

-- name: touch
INSERT INTO errand.touches AS touches (writer, times, touched_at) VALUES ($1, 1, $2)
ON CONFLICT (writer) DO UPDATE SET times = touches.times + 1, touched_at = excluded.touched_at

-- name: forget_touches
DELETE FROM errand.touches WHERE touched_at < $1
