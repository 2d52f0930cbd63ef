-- name: savepoint
SAVEPOINT errand_submit

-- name: return
ROLLBACK TO SAVEPOINT errand_submit

-- name: release
RELEASE SAVEPOINT errand_submit

-- name: database
SELECT system_identifier::text || '/' || (SELECT oid FROM pg_database WHERE datname = current_database()) FROM pg_control_system()

-- name: transaction
SELECT pg_current_xact_id()::text

-- name: status
SELECT pg_xact_status($1::text::xid8)
