-- minReader: 1
-- A release that knows no schedules leaves them alone: they fire when one that does runs again, by their rule for missed times.

CREATE TABLE schedules (
    tenant  TEXT    NOT NULL,
    name    TEXT    NOT NULL,
    version INTEGER NOT NULL,
    next_at INTEGER,
    body    BLOB    NOT NULL,
    PRIMARY KEY (tenant, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX schedules_due ON schedules (next_at) WHERE next_at IS NOT NULL;
