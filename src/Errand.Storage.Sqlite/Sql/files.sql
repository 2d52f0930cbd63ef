-- name: is_named
SELECT EXISTS (SELECT 1 FROM job_output_formats WHERE location = ?1) OR EXISTS (SELECT 1 FROM uploads WHERE location = ?1)
