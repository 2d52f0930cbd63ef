-- name: list_files
SELECT file FROM outboxes ORDER BY file

-- name: add_file
INSERT INTO outboxes (file) VALUES (?1) ON CONFLICT DO NOTHING

-- name: create
CREATE TABLE IF NOT EXISTS errand_outbox (
    place      INTEGER PRIMARY KEY,
    format     INTEGER NOT NULL,
    tenant     TEXT    NOT NULL,
    id         TEXT    NOT NULL,
    unique_key TEXT,
    job        TEXT    NOT NULL,
    input      BLOB,
    items      BLOB)

-- name: find
SELECT id, unique_key, job FROM errand_outbox WHERE tenant = @tenant AND (id = @id OR unique_key = @key) LIMIT 1

-- name: insert
INSERT INTO errand_outbox (format, tenant, id, unique_key, job, input, items) VALUES (@format, @tenant, @id, @key, @job, @input, @items)

-- name: exists
SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'errand_outbox'

-- name: list
SELECT place, tenant, id, unique_key, job, input, items FROM errand_outbox WHERE format <= ?1 ORDER BY place LIMIT ?2

-- name: delete
DELETE FROM errand_outbox WHERE place = ?1 AND tenant = ?2 AND id = ?3
