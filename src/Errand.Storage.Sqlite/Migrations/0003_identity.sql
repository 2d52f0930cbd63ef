-- minReader: 1
-- A release that knows no clients issues no tokens to them and takes none of theirs.

CREATE TABLE clients (
    id         TEXT    PRIMARY KEY,
    version    INTEGER NOT NULL,
    tenant     TEXT    NOT NULL,
    scopes     BLOB    NOT NULL,
    roles      BLOB    NOT NULL,
    secrets    BLOB    NOT NULL,
    generation INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE collections (
    tenant    TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    version   INTEGER NOT NULL,
    members   BLOB    NOT NULL,
    types     BLOB    NOT NULL,
    schedules BLOB    NOT NULL,
    PRIMARY KEY (tenant, name)
) STRICT, WITHOUT ROWID;
