-- minReader: 1
-- Databases of the app in which jobs may wait that were submitted in its transactions: where to look after a crash. A release that knows nothing of them leaves those jobs where they are.

CREATE TABLE outboxes (file TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
