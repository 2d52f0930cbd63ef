-- name: insert
INSERT INTO errand.sessions (id, worker, tenant, remote, slots, queues, types, opened_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: list
SELECT id, worker, tenant, remote, slots, queues, types, opened_at, expires_at FROM errand.sessions WHERE NOT closed ORDER BY opened_at, id

-- name: beat
UPDATE errand.sessions SET expires_at = $2 WHERE id = $1 AND NOT closed

-- name: canceling
SELECT {head} FROM errand.claimed AS mine JOIN errand.jobs AS jobs ON jobs.seq = mine.seq {places}
WHERE mine.session = $1 AND mine.state = 2

-- name: claimed_by
SELECT {head} FROM errand.claimed AS mine JOIN errand.jobs AS jobs ON jobs.seq = mine.seq {places}
WHERE mine.session = $1
ORDER BY mine.token

-- name: close
UPDATE errand.sessions SET closed = true WHERE id = $1

-- name: orphans
SELECT CASE WHEN sessions.closed THEN 0 ELSE sessions.slots END, sessions.closed, {head}
FROM errand.sessions AS sessions
JOIN errand.claimed AS lost ON lost.session = sessions.id
JOIN errand.jobs AS jobs ON jobs.seq = lost.seq
{places}
WHERE sessions.closed OR sessions.expires_at <= $1
ORDER BY lost.token
LIMIT $2

-- name: lock_idle
SELECT id FROM errand.sessions AS sessions
WHERE (closed OR expires_at <= $1) AND NOT EXISTS (SELECT 1 FROM errand.claimed WHERE claimed.session = sessions.id)
ORDER BY id FOR UPDATE SKIP LOCKED

-- name: delete_idle
DELETE FROM errand.sessions AS sessions
WHERE id = ANY ($1::uuid[]) AND NOT EXISTS (SELECT 1 FROM errand.claimed WHERE claimed.session = sessions.id)
