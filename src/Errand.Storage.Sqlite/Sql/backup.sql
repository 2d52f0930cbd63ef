-- name: files
SELECT location, size, digest FROM job_output_formats UNION SELECT location, size, digest FROM uploads

-- name: counts
SELECT (SELECT count(*) FROM jobs), (SELECT count(*) FROM tokens)
