-- minReader: 1
-- Two more tables of waiting: what is due later, and what stays behind in a table of the ring that is to be emptied. A release that turns no
-- ring claims from them all the same, and goes on writing to the table that is the current one.

CREATE TABLE errand.waiting_4 PARTITION OF errand.waiting FOR VALUES IN (4);
CREATE TABLE errand.waiting_5 PARTITION OF errand.waiting FOR VALUES IN (5);
ALTER TABLE errand.waiting_4 SET (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0);
ALTER TABLE errand.waiting_5 SET (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0);

-- slot: for what is due now, 0 to 3; later: for what is not, 4 or 5.
ALTER TABLE errand.ring ADD COLUMN later smallint NOT NULL DEFAULT 4;
