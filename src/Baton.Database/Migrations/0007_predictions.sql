-- Endpoints that predictions or labels came for. The row's lock puts labels and their sealing one after the other.
CREATE TABLE logged_endpoints (
    project  TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    seen_at  BIGINT NOT NULL,
    PRIMARY KEY (project, endpoint)
);

-- Parquet blobs of prediction rows, one event day each. A row outlives its merging, so that a file sent again is known.
CREATE TABLE prediction_files (
    project     TEXT NOT NULL,
    endpoint    TEXT NOT NULL,
    id          TEXT NOT NULL,
    day         TEXT NOT NULL,
    digest      TEXT NOT NULL,
    row_count   BIGINT NOT NULL,
    from_time   BIGINT NOT NULL,
    to_time     BIGINT NOT NULL,
    first_id    TEXT NOT NULL,
    last_id     TEXT NOT NULL,
    merged_into TEXT NULL,
    added_at    BIGINT NOT NULL,
    PRIMARY KEY (project, endpoint, id)
);
CREATE INDEX prediction_files_by_day ON prediction_files (project, endpoint, day);

-- Labels not sealed yet. Those of one batch are being sealed together; the batch is told first, so that a crash resumes it.
CREATE TABLE labels (
    project       TEXT NOT NULL,
    endpoint      TEXT NOT NULL,
    prediction_id TEXT NOT NULL,
    revision      BIGINT NOT NULL,
    value         TEXT NOT NULL,
    known_at      BIGINT NOT NULL,
    received_at   BIGINT NOT NULL,
    batch         TEXT NULL,
    PRIMARY KEY (project, endpoint, prediction_id, revision)
);

-- Parquet blobs of labels, one day of becoming known each.
CREATE TABLE label_files (
    project     TEXT NOT NULL,
    endpoint    TEXT NOT NULL,
    id          TEXT NOT NULL,
    day         TEXT NOT NULL,
    digest      TEXT NOT NULL,
    row_count   BIGINT NOT NULL,
    from_time   BIGINT NOT NULL,
    to_time     BIGINT NOT NULL,
    first_id    TEXT NOT NULL,
    last_id     TEXT NOT NULL,
    merged_into TEXT NULL,
    added_at    BIGINT NOT NULL,
    PRIMARY KEY (project, endpoint, id)
);
CREATE INDEX label_files_by_day ON label_files (project, endpoint, day);

-- Logged predictions run again through a version, by an agent.
CREATE TABLE replays (
    project        TEXT NOT NULL,
    id             TEXT NOT NULL,
    endpoint       TEXT NOT NULL,
    prediction_id  TEXT NOT NULL,
    model          TEXT NOT NULL,
    version        BIGINT NOT NULL,
    package_digest TEXT NOT NULL,
    inputs         TEXT NOT NULL,
    job_id         TEXT NOT NULL,
    state          TEXT NOT NULL,
    result         TEXT NULL,
    reason         TEXT NULL,
    asked_at       BIGINT NOT NULL,
    finished_at    BIGINT NULL,
    PRIMARY KEY (project, id)
);
