-- minReader: 1
-- Names are interned: a row of a job holds small integers in their place. Times are UTC ticks of 100 ns.

CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO counters (name, value) VALUES ('sequence', 0), ('token', 0), ('stamp', 1);

CREATE TABLE tenants (
    id           INTEGER PRIMARY KEY,
    name         TEXT    NOT NULL UNIQUE,
    output_bytes INTEGER NOT NULL DEFAULT 0
) STRICT;

-- An owner is a subject within a tenant, so that its number alone names both.
CREATE TABLE owners (
    id     INTEGER PRIMARY KEY,
    tenant INTEGER NOT NULL,
    name   TEXT    NOT NULL,
    UNIQUE (tenant, name)
) STRICT;

-- A lane holds the jobs of one tenant, queue and type, and their counts by state.
CREATE TABLE lanes (
    id        INTEGER PRIMARY KEY,
    tenant    INTEGER NOT NULL,
    queue     TEXT    NOT NULL,
    type      TEXT    NOT NULL,
    queued    INTEGER NOT NULL DEFAULT 0,
    running   INTEGER NOT NULL DEFAULT 0,
    canceling INTEGER NOT NULL DEFAULT 0,
    succeeded INTEGER NOT NULL DEFAULT 0,
    failed    INTEGER NOT NULL DEFAULT 0,
    canceled  INTEGER NOT NULL DEFAULT 0,
    UNIQUE (tenant, queue, type)
) STRICT;

-- The mutable head of a job.
-- shelf: where a queued job waits, lane * 20 + priority * 2 + (1 when it lost a worker before); NULL while it does not wait.
-- live: 1 until the job is terminal, then NULL. A claim changes neither it nor what the indexes on it cover.
CREATE TABLE jobs (
    seq           INTEGER PRIMARY KEY,
    id            BLOB    NOT NULL,
    tenant        INTEGER NOT NULL,
    owner         INTEGER NOT NULL,
    lane          INTEGER NOT NULL,
    shelf         INTEGER,
    live          INTEGER,
    state         INTEGER NOT NULL,
    version       INTEGER NOT NULL,
    priority      INTEGER NOT NULL,
    due_at        INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    started_at    INTEGER,
    finished_at   INTEGER,
    expires_at    INTEGER,
    deadline      INTEGER,
    attempt       INTEGER NOT NULL,
    max_attempts  INTEGER NOT NULL,
    failures      INTEGER NOT NULL,
    losses        INTEGER NOT NULL,
    session       BLOB,
    token         INTEGER NOT NULL,
    has_result    INTEGER NOT NULL,
    unique_key    TEXT,
    cancel_reason TEXT,
    error         BLOB,
    request_id    BLOB    NOT NULL
) STRICT;

-- Every index ends with the rowid, that is with seq.
CREATE UNIQUE INDEX jobs_id ON jobs (id, tenant);
CREATE UNIQUE INDEX jobs_unique ON jobs (tenant, unique_key) WHERE unique_key IS NOT NULL AND live = 1;
CREATE INDEX jobs_waiting ON jobs (shelf, due_at) WHERE shelf IS NOT NULL;
CREATE INDEX jobs_claimed ON jobs (session, state) WHERE state IN (1, 2);
CREATE INDEX jobs_deadline ON jobs (deadline) WHERE deadline IS NOT NULL AND live = 1;
CREATE INDEX jobs_expiring ON jobs (expires_at) WHERE expires_at IS NOT NULL AND live IS NULL;
CREATE INDEX jobs_all ON jobs (tenant);
CREATE INDEX jobs_own ON jobs (owner);
CREATE INDEX jobs_live ON jobs (tenant) WHERE live = 1;
CREATE INDEX jobs_troubled ON jobs (tenant) WHERE state IN (4, 5);
CREATE INDEX jobs_finished ON jobs (tenant, finished_at) WHERE finished_at IS NOT NULL;

-- What was said at the submit; no row when nothing was.
CREATE TABLE job_details (
    job            INTEGER PRIMARY KEY,
    labels         BLOB,
    timeout        INTEGER,
    retention      INTEGER,
    correlation_id TEXT,
    parent_id      TEXT,
    retry_of       TEXT,
    schedule_id    TEXT,
    traceparent    TEXT,
    tracestate     TEXT,
    item_count     INTEGER,
    fingerprint    TEXT
) STRICT;

-- The immutable, possibly large part; no row for a job without input.
CREATE TABLE job_inputs (
    job     INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    upload  TEXT,
    json    BLOB,
    items   BLOB
) STRICT;

-- For finding jobs: ':name' is a label of a caller, '@correlation' and '@schedule' are ours.
CREATE TABLE job_labels (
    tenant INTEGER NOT NULL,
    key    TEXT    NOT NULL,
    value  TEXT    NOT NULL,
    job    INTEGER NOT NULL,
    PRIMARY KEY (tenant, key, value, job)
) STRICT, WITHOUT ROWID;

CREATE TABLE job_results (
    job          INTEGER PRIMARY KEY,
    content_type TEXT    NOT NULL,
    output       TEXT,
    size         INTEGER NOT NULL,
    digest       TEXT    NOT NULL,
    status_code  INTEGER NOT NULL,
    body         BLOB
) STRICT;

CREATE TABLE job_attempts (
    job         INTEGER NOT NULL,
    entry       INTEGER NOT NULL,
    number      INTEGER NOT NULL,
    started_at  INTEGER NOT NULL,
    finished_at INTEGER,
    outcome     INTEGER NOT NULL,
    error       BLOB,
    worker      TEXT,
    PRIMARY KEY (job, entry)
) STRICT, WITHOUT ROWID;

CREATE TABLE job_progress (
    job        INTEGER PRIMARY KEY,
    sequence   INTEGER NOT NULL,
    percent    REAL,
    completed  INTEGER,
    total      INTEGER,
    failed     INTEGER,
    unit       TEXT,
    message    TEXT,
    updated_at INTEGER NOT NULL
) STRICT;

-- The first lines stay for ever, the last ones roll; head_last is the last line of the first half once that is full.
CREATE TABLE job_logs (
    job        INTEGER PRIMARY KEY,
    last       INTEGER NOT NULL,
    head_last  INTEGER,
    head_bytes INTEGER NOT NULL,
    tail_first INTEGER NOT NULL,
    tail_bytes INTEGER NOT NULL,
    dropped    INTEGER NOT NULL
) STRICT;

CREATE TABLE job_messages (
    job      INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    time     INTEGER NOT NULL,
    severity INTEGER NOT NULL,
    text     TEXT    NOT NULL,
    source   INTEGER,
    attempt  INTEGER NOT NULL,
    PRIMARY KEY (job, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE job_item_counts (
    job       INTEGER PRIMARY KEY,
    completed INTEGER NOT NULL,
    failed    INTEGER NOT NULL
) STRICT;

CREATE TABLE job_items (
    job    INTEGER NOT NULL,
    idx    INTEGER NOT NULL,
    key    TEXT    NOT NULL,
    status INTEGER NOT NULL,
    result BLOB,
    error  BLOB,
    PRIMARY KEY (job, idx)
) STRICT, WITHOUT ROWID;
CREATE INDEX job_items_key ON job_items (job, key);
CREATE INDEX job_items_failed ON job_items (job, idx) WHERE status = 1;

CREATE TABLE job_outputs (
    job        INTEGER NOT NULL,
    entry      INTEGER NOT NULL,
    id         TEXT    NOT NULL,
    file_name  TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    attempt    INTEGER NOT NULL,
    PRIMARY KEY (job, entry)
) STRICT, WITHOUT ROWID;

CREATE TABLE job_output_formats (
    job          INTEGER NOT NULL,
    output       INTEGER NOT NULL,
    position     INTEGER NOT NULL,
    format       TEXT    NOT NULL,
    content_type TEXT    NOT NULL,
    size         INTEGER NOT NULL,
    digest       TEXT    NOT NULL,
    location     TEXT    NOT NULL,
    PRIMARY KEY (job, output, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX job_output_formats_location ON job_output_formats (location);

-- Jobs that are gone from view, whose many rows are still being removed.
CREATE TABLE leftovers (job INTEGER PRIMARY KEY) STRICT;

CREATE TABLE uploads (
    tenant     TEXT    NOT NULL,
    id         TEXT    NOT NULL,
    owner      TEXT    NOT NULL,
    format     TEXT    NOT NULL,
    items      INTEGER NOT NULL,
    size       INTEGER NOT NULL,
    digest     TEXT    NOT NULL,
    location   TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    job        INTEGER,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX uploads_location ON uploads (location);
CREATE INDEX uploads_job ON uploads (job) WHERE job IS NOT NULL;
CREATE INDEX uploads_unused ON uploads (expires_at) WHERE job IS NULL;

CREATE TABLE sessions (
    id         BLOB    PRIMARY KEY,
    worker     TEXT    NOT NULL,
    tenant     TEXT,
    remote     INTEGER NOT NULL,
    slots      INTEGER NOT NULL,
    queues     BLOB    NOT NULL,
    types      BLOB    NOT NULL,
    opened_at  INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tombstones (
    id        BLOB    NOT NULL,
    tenant    INTEGER NOT NULL,
    owner     INTEGER NOT NULL,
    purged_at INTEGER NOT NULL,
    PRIMARY KEY (id, tenant)
) STRICT, WITHOUT ROWID;

-- What became of the jobs of a request: one byte of kind and eight of sequence each.
CREATE TABLE idempotency (
    tenant      INTEGER NOT NULL,
    scope       BLOB    NOT NULL,
    fingerprint BLOB    NOT NULL,
    expires_at  INTEGER NOT NULL,
    jobs        BLOB    NOT NULL,
    PRIMARY KEY (tenant, scope)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_expires ON idempotency (expires_at);

CREATE TABLE queues (
    name            TEXT    PRIMARY KEY,
    paused          INTEGER NOT NULL,
    max_concurrency INTEGER,
    rate            REAL
) STRICT, WITHOUT ROWID;

CREATE TABLE types (
    name        TEXT    PRIMARY KEY,
    declaration BLOB    NOT NULL,
    seen_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
    id          TEXT    PRIMARY KEY,
    secret_hash BLOB    NOT NULL,
    tenant      TEXT    NOT NULL,
    subject     TEXT    NOT NULL,
    scopes      BLOB    NOT NULL,
    roles       BLOB    NOT NULL,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER,
    revoked_at  INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE keys (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
