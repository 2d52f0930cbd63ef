-- name: begin
BEGIN

-- name: begin_sight
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY

-- name: bound_locks
SET LOCAL lock_timeout = '5s'

-- name: bound_idle
SET LOCAL idle_in_transaction_session_timeout = '30s'

-- name: by_index
SET LOCAL enable_seqscan = off

-- name: no_jit
SET LOCAL jit = off

-- name: commit
COMMIT

-- name: rollback
ROLLBACK

-- name: local
SELECT set_config('synchronous_commit', 'local', true)

-- name: unflushed
SELECT set_config('synchronous_commit', 'off', true)

-- name: be_quick
SET LOCAL lock_timeout = '50ms'
