-- name: insert_chunk
INSERT INTO errand.file_chunks (location, number, staged_at, bytes) VALUES ($1, $2, $3, $4)

-- name: insert_file
INSERT INTO errand.files (location, staged_at, size) VALUES ($1, $2, $3)

-- name: find_file
SELECT size FROM errand.files WHERE location = $1

-- name: read_chunk
SELECT bytes FROM errand.file_chunks WHERE location = $1 AND number = $2

-- name: delete_files
DELETE FROM errand.files WHERE location = ANY ($1::text[])

-- name: delete_chunks
DELETE FROM errand.file_chunks WHERE location = ANY ($1::text[])

-- name: unnamed
SELECT location FROM (
    SELECT location, staged_at FROM errand.files WHERE staged_at < $1
    UNION
    SELECT location, staged_at FROM errand.file_chunks WHERE number = 0 AND staged_at < $1) AS old
WHERE NOT EXISTS (SELECT 1 FROM errand.job_output_formats AS formats WHERE formats.location = old.location)
    AND NOT EXISTS (SELECT 1 FROM errand.uploads AS uploads WHERE uploads.location = old.location)
ORDER BY staged_at
LIMIT 1000

-- name: named
SELECT location FROM unnest($1::text[]) AS file (location)
WHERE EXISTS (SELECT 1 FROM errand.job_output_formats AS formats WHERE formats.location = file.location)
    OR EXISTS (SELECT 1 FROM errand.uploads AS uploads WHERE uploads.location = file.location)
