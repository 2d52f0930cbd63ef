-- minReader: 1
-- A release that knows no schedules leaves them alone: they fire when one that does runs again, by their rule for missed times.

CREATE TABLE errand.schedules (
    version bigint NOT NULL,
    next_at bigint,
    tenant  text   NOT NULL,
    name    text   COLLATE "C" NOT NULL,
    body    bytea  NOT NULL,
    PRIMARY KEY (tenant, name)
);
CREATE INDEX schedules_due ON errand.schedules (next_at) WHERE next_at IS NOT NULL;
