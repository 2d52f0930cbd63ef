-- name: begin
BEGIN IMMEDIATE

-- name: begin_read
BEGIN

-- name: commit
COMMIT

-- name: rollback
ROLLBACK

-- name: savepoint
SAVEPOINT attempt

-- name: rollback_to_savepoint
ROLLBACK TO attempt

-- name: release_savepoint
RELEASE attempt
