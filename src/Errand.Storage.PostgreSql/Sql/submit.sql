-- name: sequences
SELECT nextval('errand.job_sequence') FROM generate_series(1, $1::integer)

-- name: find_requests
SELECT wanted.place::integer, idempotency.fingerprint, idempotency.jobs
FROM unnest($1::text[], $2::bytea[], $3::bigint[]) WITH ORDINALITY AS wanted (tenant, scope, as_of, place)
JOIN errand.idempotency AS idempotency
    ON idempotency.scope = wanted.scope AND idempotency.tenant = wanted.tenant AND idempotency.expires_at > wanted.as_of

-- name: find_by_id
SELECT {head}
FROM unnest($1::uuid[], $2::text[]) AS wanted (id, tenant)
{named}
{places}

-- name: find_tombstones
SELECT tombstones.id, tombstones.tenant
FROM unnest($1::uuid[], $2::text[]) AS wanted (id, tenant)
JOIN errand.tombstones AS tombstones ON tombstones.id = wanted.id AND tombstones.tenant = wanted.tenant

-- name: find_by_unique_key
SELECT {head}
FROM unnest($1::text[], $2::text[]) AS wanted (tenant, key)
JOIN errand.unique_keys AS keys ON keys.tenant = wanted.tenant AND keys.key = wanted.key
JOIN errand.jobs AS jobs ON jobs.seq = keys.job
{places}

-- name: find_by_sequence
SELECT {head} FROM errand.jobs AS jobs {places} WHERE jobs.seq = ANY ($1::bigint[])

-- name: find_uploads
SELECT uploads.tenant, uploads.id, uploads.owner, uploads.expires_at
FROM unnest($1::text[], $2::text[]) AS wanted (tenant, id)
JOIN errand.uploads AS uploads ON uploads.tenant = wanted.tenant AND uploads.id = wanted.id
WHERE NOT EXISTS (SELECT 1 FROM errand.upload_uses AS uses WHERE uses.tenant = uploads.tenant AND uses.upload = uploads.id)

-- name: insert_jobs
INSERT INTO errand.jobs (
    seq, id, lane, priority, version, due_at, created_at, updated_at, expires_at, deadline, attempt, max_attempts, failures, losses,
    request_id, tenant, owner, unique_key)
SELECT * FROM unnest(
    $1::bigint[], $2::uuid[], $3::integer[], $4::smallint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[],
    $10::bigint[], $11::integer[], $12::integer[], $13::integer[], $14::integer[], $15::uuid[], $16::text[], $17::text[], $18::text[])

-- name: insert_waiting
INSERT INTO errand.waiting (shelf, due_at, seq, version, slot)
SELECT shelf, due_at, seq, version, slot
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::smallint[]) AS job (shelf, due_at, seq, version, slot)

-- name: insert_details
INSERT INTO errand.job_details (
    job, labels, timeout, retention, correlation_id, parent_id, retry_of, schedule_id, traceparent, tracestate, item_count, fingerprint)
SELECT * FROM unnest(
    $1::bigint[], $2::bytea[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
    $11::integer[], $12::text[])

-- name: insert_labels
INSERT INTO errand.job_labels (tenant, key, value, job) SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[])

-- name: insert_inputs
INSERT INTO errand.job_inputs (job, version, upload, json, items)
SELECT * FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::bytea[], $5::bytea[])

-- name: insert_unique_keys
INSERT INTO errand.unique_keys (tenant, key, job) SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[])

-- name: insert_deadlines
INSERT INTO errand.deadlines (job, deadline) SELECT * FROM unnest($1::bigint[], $2::bigint[])

-- name: use_uploads
INSERT INTO errand.upload_uses (tenant, upload, job) SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[])

-- name: forget_requests
DELETE FROM errand.idempotency AS idempotency USING unnest($1::text[], $2::bytea[], $3::bigint[]) AS over (tenant, scope, as_of)
WHERE idempotency.scope = over.scope AND idempotency.tenant = over.tenant AND idempotency.expires_at <= over.as_of

-- name: save_requests
INSERT INTO errand.idempotency (tenant, scope, fingerprint, expires_at, jobs)
SELECT * FROM unnest($1::text[], $2::bytea[], $3::bytea[], $4::bigint[], $5::bytea[])

-- The usual submit, whole: new jobs, in whose way nothing is. Where anything is in the way of one of them, nothing is stored and no row is given.

-- name: store
WITH {new_jobs}
SELECT seq FROM job ORDER BY place

-- name: store_said
-- The same for jobs of which something was said.
WITH {new_jobs},
numbers AS (SELECT array_agg(seq ORDER BY place) AS of_place FROM job HAVING count(*) > 0),
said AS (
    INSERT INTO errand.job_details (
        job, labels, timeout, retention, correlation_id, parent_id, retry_of, schedule_id, traceparent, tracestate, item_count, fingerprint)
    SELECT numbers.of_place[said.place], labels, timeout, retention, correlation_id, parent_id, retry_of, schedule_id, traceparent, tracestate,
        item_count, fingerprint
    FROM numbers, unnest(
        $15::integer[], $16::bytea[], $17::bigint[], $18::bigint[], $19::text[], $20::text[], $21::text[], $22::text[], $23::text[], $24::text[],
        $25::integer[], $26::text[]) AS said (
        place, labels, timeout, retention, correlation_id, parent_id, retry_of, schedule_id, traceparent, tracestate, item_count, fingerprint)),
labelled AS (
    INSERT INTO errand.job_labels (tenant, key, value, job)
    SELECT tenant, key, value, numbers.of_place[label.place]
    FROM numbers, unnest($27::integer[], $28::text[], $29::text[], $30::text[]) AS label (place, tenant, key, value))
SELECT seq FROM job ORDER BY place
