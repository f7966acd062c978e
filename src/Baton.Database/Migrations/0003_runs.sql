CREATE TABLE experiments (
    project           TEXT NOT NULL,
    experiment_id     BIGINT NOT NULL,
    name              TEXT NOT NULL,
    artifact_location TEXT NOT NULL,
    lifecycle_stage   TEXT NOT NULL,
    created_at        BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL,
    PRIMARY KEY (project, experiment_id),
    UNIQUE (project, name)
);

CREATE TABLE experiment_tags (
    project       TEXT NOT NULL,
    experiment_id BIGINT NOT NULL,
    key           TEXT NOT NULL,
    value         TEXT NOT NULL,
    PRIMARY KEY (project, experiment_id, key)
);

CREATE TABLE runs (
    project         TEXT NOT NULL,
    run_id          TEXT NOT NULL,
    experiment_id   BIGINT NOT NULL,
    name            TEXT NOT NULL,
    user_id         TEXT NOT NULL,
    status          TEXT NOT NULL,
    started_at      BIGINT NOT NULL,
    ended_at        BIGINT NULL,
    artifact_uri    TEXT NOT NULL,
    lifecycle_stage TEXT NOT NULL,
    PRIMARY KEY (project, run_id)
);
CREATE INDEX runs_by_experiment ON runs (project, experiment_id, started_at, run_id);

CREATE TABLE run_params (
    project TEXT NOT NULL,
    run_id  TEXT NOT NULL,
    key     TEXT NOT NULL,
    value   TEXT NOT NULL,
    PRIMARY KEY (project, run_id, key)
);

CREATE TABLE run_tags (
    project TEXT NOT NULL,
    run_id  TEXT NOT NULL,
    key     TEXT NOT NULL,
    value   TEXT NOT NULL,
    PRIMARY KEY (project, run_id, key)
);

-- A point is identified by all it says: logging it again is no change. NaN is a flag beside 0, since NULL and NaN compare differently in the engines.
CREATE TABLE metrics (
    project TEXT NOT NULL,
    run_id  TEXT NOT NULL,
    key     TEXT NOT NULL,
    at      BIGINT NOT NULL,
    step    BIGINT NOT NULL,
    value   DOUBLE PRECISION NOT NULL,
    is_nan  BOOLEAN NOT NULL,
    PRIMARY KEY (project, run_id, key, at, step, value, is_nan)
);

CREATE TABLE latest_metrics (
    project TEXT NOT NULL,
    run_id  TEXT NOT NULL,
    key     TEXT NOT NULL,
    at      BIGINT NOT NULL,
    step    BIGINT NOT NULL,
    value   DOUBLE PRECISION NOT NULL,
    is_nan  BOOLEAN NOT NULL,
    PRIMARY KEY (project, run_id, key)
);

CREATE TABLE datasets (
    project       TEXT NOT NULL,
    experiment_id BIGINT NOT NULL,
    name          TEXT NOT NULL,
    digest        TEXT NOT NULL,
    source_type   TEXT NOT NULL,
    source        TEXT NOT NULL,
    schema_json   TEXT NULL,
    profile       TEXT NULL,
    PRIMARY KEY (project, experiment_id, name, digest)
);

CREATE TABLE run_inputs (
    project       TEXT NOT NULL,
    run_id        TEXT NOT NULL,
    experiment_id BIGINT NOT NULL,
    name          TEXT NOT NULL,
    digest        TEXT NOT NULL,
    position      BIGINT NOT NULL,
    PRIMARY KEY (project, run_id, name, digest)
);

CREATE TABLE run_input_tags (
    project TEXT NOT NULL,
    run_id  TEXT NOT NULL,
    name    TEXT NOT NULL,
    digest  TEXT NOT NULL,
    key     TEXT NOT NULL,
    value   TEXT NOT NULL,
    PRIMARY KEY (project, run_id, name, digest, key)
);
