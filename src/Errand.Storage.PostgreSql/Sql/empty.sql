-- name: lock
LOCK TABLE errand.waiting_0 IN ACCESS EXCLUSIVE MODE

-- name: empty
TRUNCATE errand.waiting_0

-- name: rewrite
DO $$
DECLARE kept errand.queues[];
BEGIN
    SET LOCAL lock_timeout = '50ms';
    LOCK TABLE errand.queues IN ACCESS EXCLUSIVE MODE;
    IF EXISTS (SELECT FROM pg_stat_activity WHERE application_name LIKE 'pg\_dump%') THEN RETURN; END IF;
    kept := ARRAY(SELECT one FROM errand.queues AS one);
    TRUNCATE errand.queues;
    INSERT INTO errand.queues SELECT one.* FROM unnest(kept) AS one;
END $$

-- name: rewrite_counts
DO $$
DECLARE kept errand.lane_counts[];
BEGIN
    SET LOCAL lock_timeout = '50ms';
    LOCK TABLE errand.lane_counts IN ACCESS EXCLUSIVE MODE;
    IF EXISTS (SELECT FROM pg_stat_activity WHERE application_name LIKE 'pg\_dump%') THEN RETURN; END IF;
    kept := ARRAY(SELECT one FROM errand.lane_counts AS one);
    TRUNCATE errand.lane_counts;
    INSERT INTO errand.lane_counts (lane, state, jobs)
    SELECT one.lane, one.state, sum(one.jobs) FROM unnest(kept) AS one GROUP BY one.lane, one.state HAVING sum(one.jobs) <> 0;
END $$

-- name: hold
LOCK TABLE errand.waiting, errand.lane_counts, errand.queues, errand.sessions, errand.output_bytes,
    errand.job_inputs, errand.job_results, errand.job_messages, errand.job_items IN ACCESS SHARE MODE
