-- What is said of job_whole is said of each table that lies in ranges; job_whole_7 is its range of the jobs from 7 up to, and without, 8.

-- name: is_empty
SELECT NOT EXISTS (SELECT FROM errand.job_whole)

-- name: lock
LOCK TABLE ONLY errand.job_whole IN ACCESS EXCLUSIVE MODE

-- name: step_aside
ALTER TABLE errand.job_whole RENAME TO job_whole_default

-- name: begin_ranges
CREATE TABLE errand.job_whole (LIKE errand.job_whole_default INCLUDING ALL) PARTITION BY RANGE (job)

-- name: attach_rest
ALTER TABLE errand.job_whole ATTACH PARTITION errand.job_whole_default DEFAULT

-- name: bound
ALTER TABLE errand.job_whole ADD CONSTRAINT before_ranges CHECK (job < 8) NOT VALID

-- name: validate
ALTER TABLE errand.job_whole VALIDATE CONSTRAINT before_ranges

-- name: step_aside_old
ALTER TABLE errand.job_whole RENAME TO job_whole_old

-- name: begin_ranges_after
CREATE TABLE errand.job_whole (LIKE errand.job_whole_old INCLUDING ALL EXCLUDING CONSTRAINTS) PARTITION BY RANGE (job)

-- name: attach_old
ALTER TABLE errand.job_whole ATTACH PARTITION errand.job_whole_old FOR VALUES FROM (MINVALUE) TO (8)

-- name: unbound
ALTER TABLE errand.job_whole_old DROP CONSTRAINT before_ranges

-- name: make_rest
CREATE TABLE errand.job_whole_default PARTITION OF errand.job_whole DEFAULT

-- name: make
CREATE TABLE errand.job_whole_7 (LIKE errand.job_whole INCLUDING ALL)

-- name: attach
ALTER TABLE errand.job_whole ATTACH PARTITION errand.job_whole_7 FOR VALUES FROM (7) TO (8)

-- name: is_there
SELECT to_regclass('errand.job_whole_7') IS NOT NULL

-- name: drop
DROP TABLE errand.job_whole_7

-- name: sweep
WITH RECURSIVE held (job, place) AS (
    (SELECT job, 1 FROM errand.job_whole_7 WHERE job > $1 ORDER BY job LIMIT 1)
    UNION ALL
    SELECT next.job, held.place + 1
    FROM held CROSS JOIN LATERAL (SELECT job FROM errand.job_whole_7 AS one WHERE one.job > held.job ORDER BY job LIMIT 1) AS next
    WHERE held.place < $2),
gone AS (
    DELETE FROM errand.job_whole_7 WHERE job = ANY (ARRAY(SELECT job FROM held)) AND NOT EXISTS (SELECT FROM errand.jobs WHERE seq = job))
SELECT max(job) FROM held

-- name: sweep_many
WITH RECURSIVE held (job, place) AS (
    (SELECT job, 1 FROM errand.job_whole_7 WHERE job > $1 ORDER BY job LIMIT 1)
    UNION ALL
    SELECT next.job, held.place + 1
    FROM held CROSS JOIN LATERAL (SELECT job FROM errand.job_whole_7 AS one WHERE one.job > held.job ORDER BY job LIMIT 1) AS next
    WHERE held.place < $2),
gone AS (
    INSERT INTO errand.leftovers (job) SELECT job FROM held WHERE NOT EXISTS (SELECT FROM errand.jobs WHERE seq = job) ON CONFLICT DO NOTHING)
SELECT max(job) FROM held
