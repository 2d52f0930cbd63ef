-- name: sequence
SELECT last_value, is_called FROM errand.job_sequence

-- name: list
SELECT first, until, opened_at, filled_at, left_at, by_row, swept FROM errand.ranges ORDER BY first

-- name: tables
SELECT relkind = 'p',
    coalesce((SELECT convalidated FROM pg_constraint WHERE conrelid = pg_class.oid AND conname = 'before_ranges')::integer, -1),
    coalesce(pg_relation_size(to_regclass('errand.' || name || '_default')), 0)
FROM unnest($1::text[]) WITH ORDINALITY AS one (name, place)
-- By the name, as this statement sees it: another node may be giving it to another table.
JOIN pg_class ON relname = name AND relnamespace = (SELECT keeper.relnamespace FROM pg_class AS keeper WHERE keeper.oid = 'errand.range_keeper'::regclass)
ORDER BY place

-- name: keep
SELECT one FROM errand.range_keeper FOR UPDATE SKIP LOCKED

-- name: see_opened
UPDATE errand.ranges SET opened_at = $2 WHERE opened_at IS NULL AND first <= $1 AND first > -9223372036854775808

-- name: see_filled
UPDATE errand.ranges SET filled_at = $2, by_row = by_row OR $2 - coalesce(opened_at, 0) > $3 WHERE filled_at IS NULL AND until <= $1

-- name: has_jobs
SELECT EXISTS (SELECT FROM errand.jobs LIMIT 1)

-- name: save
INSERT INTO errand.ranges (first, until, by_row) VALUES ($1, $2, $3)

-- name: go_to
SELECT setval('errand.job_sequence', $1)

-- name: last_job
-- From the newest on: it is likely to stay longest, and what is gone leaves entries that have to be walked over.
SELECT coalesce((SELECT seq FROM errand.jobs WHERE seq >= $1 AND seq < $2 ORDER BY seq DESC LIMIT 1), 0)

-- name: lock_range
SELECT first FROM errand.ranges WHERE first = $1 FOR UPDATE

-- name: may_drop
SELECT NOT EXISTS (SELECT FROM errand.jobs WHERE seq >= $1 AND seq < $2 ORDER BY seq DESC LIMIT 1)
    AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name LIKE 'pg\_dump%')

-- name: forget
DELETE FROM errand.ranges WHERE first = $1

-- name: droppable
SELECT first, until FROM errand.ranges WHERE filled_at IS NOT NULL AND NOT by_row ORDER BY first FOR NO KEY UPDATE

-- name: leave
UPDATE errand.ranges SET left_at = $2
WHERE left_at IS NULL AND EXISTS (SELECT FROM unnest($1::bigint[]) AS job WHERE job >= first AND job < until)

-- name: go_by_row
UPDATE errand.ranges SET by_row = true WHERE first = $1

-- name: swept
UPDATE errand.ranges SET swept = true WHERE first = $1
