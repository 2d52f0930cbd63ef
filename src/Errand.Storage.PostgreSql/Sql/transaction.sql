-- name: begin
BEGIN

-- name: begin_sight
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY

-- name: bounds
-- Until the end of the transaction. Without an index to use, a plan counts as endlessly dear then, and the server would compile it each time, for tenths of a second: so no JIT.
SELECT set_config('lock_timeout', '5s', true), set_config('idle_in_transaction_session_timeout', '30s', true),
    set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)

-- name: bounds_of_whole
-- As bounds; and a large statement is planned once, not each time: its plan takes longer than what it does, and does not depend on the values.
SELECT set_config('lock_timeout', '5s', true), set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true),
    set_config('plan_cache_mode', 'force_generic_plan', true)

-- name: commit
COMMIT

-- name: ping
SELECT 1

-- name: rollback
ROLLBACK

-- name: local
SELECT set_config('synchronous_commit', 'local', true)

-- name: unflushed
SELECT set_config('synchronous_commit', 'off', true)

-- name: be_quick
SET LOCAL lock_timeout = '50ms'
