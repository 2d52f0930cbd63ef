-- name: head
jobs.seq, jobs.id, jobs.lane, jobs.owner, jobs.state, jobs.version, jobs.priority, jobs.due_at, jobs.created_at, jobs.updated_at,
jobs.started_at, jobs.finished_at, jobs.expires_at, jobs.deadline, jobs.attempt, jobs.max_attempts, jobs.failures, jobs.losses,
jobs.session, jobs.token, jobs.has_result, jobs.unique_key, jobs.cancel_reason, jobs.error

-- name: details
jobs.request_id, details.job, details.labels, details.timeout, details.retention, details.correlation_id, details.parent_id,
details.retry_of, details.schedule_id, details.traceparent, details.tracestate, details.item_count, details.fingerprint

-- name: progress
progress.sequence, progress.percent, progress.completed, progress.total, progress.failed, progress.unit, progress.message,
progress.updated_at

-- name: scanned
jobs.seq, jobs.lane, jobs.owner, jobs.state, jobs.due_at, jobs.created_at, jobs.finished_at
