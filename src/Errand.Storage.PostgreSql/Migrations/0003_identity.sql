-- minReader: 1
-- A release that knows no clients issues no tokens to them and takes none of theirs.

CREATE TABLE errand.clients (
    version    bigint  NOT NULL,
    created_at bigint  NOT NULL,
    revoked_at bigint,
    generation integer NOT NULL,
    id         text    COLLATE "C" PRIMARY KEY,
    tenant     text    NOT NULL,
    scopes     bytea   NOT NULL,
    roles      bytea   NOT NULL,
    secrets    bytea   NOT NULL
);

CREATE TABLE errand.collections (
    version   bigint NOT NULL,
    tenant    text   COLLATE "C" NOT NULL,
    name      text   COLLATE "C" NOT NULL,
    members   bytea  NOT NULL,
    types     bytea  NOT NULL,
    schedules bytea  NOT NULL,
    PRIMARY KEY (tenant, name)
);
