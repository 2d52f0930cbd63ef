-- minReader: 1
-- What is wide of a job – input, result, messages, items – lies in ranges of sequences from here on, and goes with its range. The upkeep of a node
-- turns the tables into ranges, without a lock of more than a moment; a release that knows no ranges reads and writes them all the same.

-- first is the least bigint for what was there before the ranges. opened_at, filled_at: when the sequence was seen in it, and beyond. left_at: when
-- retention first left rows lying in it. by_row: retention deletes row by row; swept: and what it had left lying is gone.
CREATE TABLE errand.ranges (
    first     bigint  PRIMARY KEY,
    until     bigint  NOT NULL,
    opened_at bigint,
    filled_at bigint,
    left_at   bigint,
    by_row    boolean NOT NULL DEFAULT false,
    swept     boolean NOT NULL DEFAULT false
);

-- One row, locked by the node that makes or drops a range.
CREATE TABLE errand.range_keeper (one boolean PRIMARY KEY DEFAULT true CHECK (one));
INSERT INTO errand.range_keeper DEFAULT VALUES;
