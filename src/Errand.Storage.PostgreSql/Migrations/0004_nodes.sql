-- minReader: 1
-- Who shares this store. A release that knows no nodes is not among them: it is told nothing, and finds by itself what changed.
-- No index but the key: a beat then writes one row and no index entry.

CREATE TABLE errand.nodes (
    id         uuid    PRIMARY KEY,
    name       text    NOT NULL,
    listens    boolean NOT NULL,
    started_at bigint  NOT NULL,
    beat_at    bigint  NOT NULL
) WITH (fillfactor = 50);
