-- Sequences that must have no gaps and commit in order: the row's lock is held until commit.
CREATE TABLE counters (
    project TEXT NOT NULL,
    name    TEXT NOT NULL,
    value   BIGINT NOT NULL,
    PRIMARY KEY (project, name)
);

-- Every decision: who, when, on which evidence. Append-only (see 0002); hash chains each row to the one before.
CREATE TABLE ledger (
    seq      BIGINT NOT NULL PRIMARY KEY,
    id       TEXT NOT NULL UNIQUE,
    project  TEXT NOT NULL,
    at       BIGINT NOT NULL,
    actor    TEXT NOT NULL,
    action   TEXT NOT NULL,
    subject  TEXT NOT NULL,
    evidence TEXT NULL,
    detail   TEXT NOT NULL,
    hash     TEXT NOT NULL
);
CREATE INDEX ledger_by_subject ON ledger (project, subject, seq);

CREATE TABLE outbox (
    seq     BIGINT NOT NULL PRIMARY KEY,
    id      TEXT NOT NULL UNIQUE,
    type    TEXT NOT NULL,
    v       BIGINT NOT NULL,
    project TEXT NOT NULL,
    subject TEXT NOT NULL,
    actor   TEXT NOT NULL,
    at      BIGINT NOT NULL,
    data    TEXT NOT NULL
);

-- How far each subscriber has come.
CREATE TABLE event_cursors (
    subscriber TEXT NOT NULL PRIMARY KEY,
    seq        BIGINT NOT NULL
);

CREATE TABLE jobs (
    project          TEXT NOT NULL,
    id               TEXT NOT NULL,
    kind             TEXT NOT NULL,
    subject          TEXT NOT NULL,
    payload          TEXT NOT NULL,
    state            TEXT NOT NULL,
    attempt          BIGINT NOT NULL,
    agent            TEXT NULL,
    lease_until      BIGINT NULL,
    cancel_requested BOOLEAN NOT NULL,
    progress         TEXT NULL,
    reason           TEXT NULL,
    queued_at        BIGINT NOT NULL,
    started_at       BIGINT NULL,
    finished_at      BIGINT NULL,
    PRIMARY KEY (project, id)
);
CREATE INDEX jobs_by_state ON jobs (state, queued_at);

-- Who holds which blob: nothing that is held is ever deleted.
CREATE TABLE blob_references (
    project TEXT NOT NULL,
    digest  TEXT NOT NULL,
    holder  TEXT NOT NULL,
    PRIMARY KEY (project, digest, holder)
);
CREATE INDEX blob_references_by_holder ON blob_references (project, holder);
