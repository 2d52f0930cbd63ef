-- minReader: 1
-- For whoever follows all jobs of a tenant: those that were changed while they waited, put back by a retry or edited. New, claimed and finished
-- ones are found without it. A job that is submitted, claimed and settled is not in it.

CREATE INDEX jobs_changed ON errand.jobs (tenant, updated_at) WHERE version > 1;
