-- name: insert
INSERT INTO sessions (id, worker, tenant, remote, slots, queues, types, opened_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: list
SELECT id, worker, tenant, remote, slots, queues, types, opened_at, expires_at FROM sessions

-- name: save_expiry
UPDATE sessions SET expires_at = ?2 WHERE id = ?1

-- name: delete
DELETE FROM sessions WHERE id = ?1

-- name: canceling
SELECT {head} FROM jobs INDEXED BY jobs_claimed WHERE session = ?1 AND state IN (1, 2) AND state = 2

-- name: next_holder
SELECT min(session) FROM jobs INDEXED BY jobs_claimed WHERE state IN (1, 2) AND session > ?1

-- name: claimed_by
SELECT {head} FROM jobs INDEXED BY jobs_claimed WHERE session = ?1 AND state IN (1, 2) ORDER BY token LIMIT ?2
