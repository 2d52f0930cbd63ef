-- name: durability
SELECT current_setting('synchronous_commit'), current_setting('synchronous_standby_names'), current_setting('fsync')

-- name: figures
SELECT coalesce(max(age(backend_xmin)), 0)::bigint, pg_database_size(current_database()) FROM pg_stat_activity
