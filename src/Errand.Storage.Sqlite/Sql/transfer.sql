-- name: lanes
SELECT lanes.id, tenants.name, lanes.queue, lanes.type FROM lanes JOIN tenants ON tenants.id = lanes.tenant

-- name: jobs
SELECT jobs.seq, jobs.id, jobs.lane, jobs.priority, jobs.state, jobs.version, jobs.due_at, jobs.created_at, jobs.updated_at, jobs.started_at,
    jobs.finished_at, jobs.expires_at, jobs.deadline, jobs.attempt, jobs.max_attempts, jobs.failures, jobs.losses, jobs.session, jobs.token,
    jobs.has_result, jobs.unique_key, jobs.cancel_reason, jobs.error, jobs.request_id, tenants.name, owners.name
FROM jobs JOIN tenants ON tenants.id = jobs.tenant JOIN owners ON owners.id = jobs.owner

-- name: job_details
SELECT job, labels, timeout, retention, correlation_id, parent_id, retry_of, schedule_id, traceparent, tracestate, item_count, fingerprint FROM job_details

-- name: job_inputs
SELECT job, version, upload, json, items FROM job_inputs

-- name: job_labels
SELECT tenants.name, key, value, job FROM job_labels JOIN tenants ON tenants.id = job_labels.tenant

-- name: job_results
SELECT job, size, status_code, content_type, output, digest, body FROM job_results

-- name: job_attempts
SELECT job, started_at, finished_at, entry, number, outcome, error, worker FROM job_attempts

-- name: job_progress
SELECT job, sequence, updated_at, percent, completed, total, failed, unit, message FROM job_progress

-- name: job_logs
SELECT job, last, head_last, head_bytes, tail_first, tail_bytes, dropped FROM job_logs

-- name: job_messages
SELECT job, sequence, time, source, attempt, severity, text FROM job_messages

-- name: job_item_counts
SELECT job, completed, failed FROM job_item_counts

-- name: job_items
SELECT job, idx, status, key, result, error FROM job_items

-- name: job_outputs
SELECT job, created_at, entry, attempt, id, file_name FROM job_outputs

-- name: job_output_formats
SELECT job, size, output, position, format, content_type, digest, location FROM job_output_formats

-- name: output_bytes
SELECT name, output_bytes FROM tenants WHERE output_bytes > 0

-- name: leftovers
SELECT job FROM leftovers

-- name: uploads
SELECT size, created_at, expires_at, items, tenant, id, owner, format, digest, location FROM uploads

-- name: upload_uses
SELECT tenant, id, job FROM uploads WHERE job IS NOT NULL

-- name: tombstones
SELECT tombstones.id, tombstones.purged_at, tenants.name, owners.name
FROM tombstones JOIN tenants ON tenants.id = tombstones.tenant JOIN owners ON owners.id = tombstones.owner

-- name: idempotency
SELECT expires_at, tenants.name, scope, fingerprint, jobs FROM idempotency JOIN tenants ON tenants.id = idempotency.tenant

-- name: queues
SELECT name, paused, max_concurrency, rate FROM queues

-- name: types
SELECT name, seen_at, declaration FROM types

-- name: tokens
SELECT id, created_at, expires_at, revoked_at, tenant, subject, secret_hash, scopes, roles FROM tokens

-- name: keys
SELECT name, value FROM keys

-- name: schedules
SELECT version, next_at, tenant, name, body FROM schedules

-- name: clients
SELECT version, created_at, revoked_at, generation, id, tenant, scopes, roles, secrets FROM clients

-- name: collections
SELECT version, tenant, name, members, types, schedules FROM collections

-- name: counts
SELECT tenants.name, queue, type, state, jobs
FROM (
    SELECT tenant, queue, type, 0 AS state, queued AS jobs FROM lanes UNION ALL
    SELECT tenant, queue, type, 1, running FROM lanes UNION ALL
    SELECT tenant, queue, type, 2, canceling FROM lanes UNION ALL
    SELECT tenant, queue, type, 3, succeeded FROM lanes UNION ALL
    SELECT tenant, queue, type, 4, failed FROM lanes UNION ALL
    SELECT tenant, queue, type, 5, canceled FROM lanes) AS counts
JOIN tenants ON tenants.id = counts.tenant
WHERE jobs <> 0

-- name: sessions
SELECT id, opened_at, expires_at, slots, remote, worker, tenant, queues, types FROM sessions

-- name: sequences
SELECT name, value FROM counters WHERE name IN ('sequence', 'token')

-- name: files
SELECT location FROM job_output_formats UNION SELECT location FROM uploads
