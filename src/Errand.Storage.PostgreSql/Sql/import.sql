-- name: begin
LOCK TABLE errand.jobs IN ACCESS EXCLUSIVE MODE;
DELETE FROM errand.queues; DELETE FROM errand.types; DELETE FROM errand.keys; DELETE FROM errand.output_bytes; DELETE FROM errand.lane_counts;
CREATE TEMPORARY TABLE moved_jobs (
    seq bigint, id uuid, lane integer, priority smallint, state smallint, version bigint, due_at bigint, created_at bigint, updated_at bigint,
    started_at bigint, finished_at bigint, expires_at bigint, deadline bigint, attempt integer, max_attempts integer, failures integer,
    losses integer, session uuid, token bigint, has_result boolean, unique_key text, cancel_reason text, error bytea, request_id uuid,
    tenant text, owner text) ON COMMIT DROP;

-- name: ranges
-- All that is brought here is the range of what was there before.
DO $$
DECLARE
    bound bigint := (SELECT coalesce(max(seq), 0) + 1 FROM moved_jobs);
    whole text;
    part regclass;
BEGIN
    PERFORM FROM errand.range_keeper FOR UPDATE;
    FOREACH whole IN ARRAY ARRAY['job_inputs', 'job_results', 'job_messages', 'job_items'] LOOP
        IF (SELECT relkind <> 'p' FROM pg_class WHERE oid = ('errand.' || whole)::regclass) THEN RETURN; END IF;
    END LOOP;
    FOREACH whole IN ARRAY ARRAY['job_inputs', 'job_results', 'job_messages', 'job_items'] LOOP
        FOR part IN SELECT inhrelid FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
            WHERE inhparent = ('errand.' || whole)::regclass AND pg_get_expr(relpartbound, pg_class.oid) <> 'DEFAULT'
        LOOP EXECUTE 'DROP TABLE ' || part; END LOOP;
        EXECUTE 'CREATE TABLE errand.' || whole || '_old PARTITION OF errand.' || whole || ' FOR VALUES FROM (MINVALUE) TO (' || bound || ')';
    END LOOP;
    DELETE FROM errand.ranges;
    INSERT INTO errand.ranges (first, until, by_row) VALUES (-9223372036854775808, bound, true);
END $$

-- name: end
INSERT INTO errand.jobs (seq, id, lane, priority, version, due_at, created_at, updated_at, started_at, finished_at, expires_at, deadline, attempt,
    max_attempts, failures, losses, token, has_result, request_id, tenant, owner, unique_key, cancel_reason, error)
SELECT seq, id, lane, priority, version, due_at, created_at, updated_at, started_at, finished_at, expires_at, deadline, attempt,
    max_attempts, failures, losses, token, has_result, request_id, tenant, owner, unique_key, cancel_reason, error FROM moved_jobs;
INSERT INTO errand.waiting (shelf, due_at, seq, version, slot)
SELECT lane::bigint * 20 + priority * 2 + (losses > 0)::integer, due_at, seq, version, (SELECT slot FROM errand.ring) FROM moved_jobs WHERE state = 0;
INSERT INTO errand.claimed (seq, version, session, token, started_at, updated_at, attempt, state, suspect)
SELECT seq, version, session, token, started_at, updated_at, attempt, state, losses > 0 FROM moved_jobs WHERE state IN (1, 2);
INSERT INTO errand.finished (seq, version, token, updated_at, started_at, finished_at, expires_at, attempt, failures, losses, state, has_result, tenant, error)
SELECT seq, version, token, updated_at, started_at, finished_at, expires_at, attempt, failures, losses, state, has_result, tenant, error
FROM moved_jobs WHERE state > 2;
INSERT INTO errand.unique_keys (tenant, key, job) SELECT tenant, unique_key, seq FROM moved_jobs WHERE unique_key IS NOT NULL AND state < 3;
INSERT INTO errand.deadlines (job, deadline) SELECT seq, deadline FROM moved_jobs WHERE deadline IS NOT NULL AND state < 3;
INSERT INTO errand.lane_counts (lane, state, jobs) SELECT lane, state, count(*) FROM moved_jobs GROUP BY lane, state;
INSERT INTO errand.sessions (id, opened_at, expires_at, slots, remote, worker, queues, types)
SELECT DISTINCT session, 0, 0, 1, false, 'moved', '[]'::bytea, '[]'::bytea FROM moved_jobs
WHERE state IN (1, 2) AND session NOT IN (SELECT id FROM errand.sessions);
UPDATE errand.sessions SET closed = true;
UPDATE errand.stamps SET value = value + 1;
SELECT setval(pg_get_serial_sequence('errand.lanes', 'id'), (SELECT greatest(1, max(id)) FROM errand.lanes));
