-- name: find
SELECT wanted.place::integer, {head}, {details}, {progress}, items.completed, items.failed,
    result.content_type, result.output, result.size, result.digest, result.status_code, CASE WHEN wanted.result THEN result.body END,
    input.job, input.version, input.upload, input.json, input.items
FROM unnest($1::uuid[], $2::text[], $3::boolean[], $4::boolean[]) WITH ORDINALITY AS wanted (id, tenant, result, input, place)
{named}
{places}
LEFT JOIN errand.job_details AS details ON details.job = jobs.seq
LEFT JOIN errand.job_progress AS progress ON progress.job = jobs.seq
LEFT JOIN errand.job_item_counts AS items ON items.job = jobs.seq
LEFT JOIN errand.job_results AS result ON result.job = jobs.seq
LEFT JOIN errand.job_inputs AS input ON wanted.input AND input.job = jobs.seq

-- name: tombstones
SELECT wanted.place::integer, tombstones.owner, tombstones.purged_at
FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS wanted (id, tenant, place)
JOIN errand.tombstones AS tombstones ON tombstones.id = wanted.id AND tombstones.tenant = wanted.tenant

-- name: attempts
SELECT wanted.place::integer, attempt.number, attempt.started_at, attempt.finished_at, attempt.outcome, attempt.error, attempt.worker
FROM unnest($1::uuid[], $2::text[], $3::integer[]) AS wanted (id, tenant, place)
{named}
JOIN errand.job_attempts AS attempt ON attempt.job = jobs.seq
ORDER BY attempt.job, attempt.entry
