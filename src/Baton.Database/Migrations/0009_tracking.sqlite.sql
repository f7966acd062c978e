-- What runs log is kept under numbers: a run's own, and one for each key. Rows stay small, and the index by value serves searches.
-- Steps are decimal(24,6): step, plus step_micros millionths (0 to 999,999). MLflow's are whole.
CREATE TABLE log_keys (
    key_no  INTEGER PRIMARY KEY,
    project TEXT NOT NULL,
    key     TEXT NOT NULL,
    UNIQUE (project, key)
);

ALTER TABLE runs RENAME TO runs_0003;
DROP INDEX runs_by_experiment;
CREATE TABLE runs (
    run_no          INTEGER PRIMARY KEY,
    project         TEXT NOT NULL,
    run_id          TEXT NOT NULL,
    experiment_id   BIGINT NOT NULL,
    name            TEXT NOT NULL,
    user_id         TEXT NOT NULL,
    status          TEXT NOT NULL,
    started_at      BIGINT NOT NULL,
    ended_at        BIGINT NULL,
    deleted_at      BIGINT NULL,
    artifact_uri    TEXT NOT NULL,
    lifecycle_stage TEXT NOT NULL,
    UNIQUE (project, run_id)
);
INSERT INTO runs (project, run_id, experiment_id, name, user_id, status, started_at, ended_at, artifact_uri, lifecycle_stage)
SELECT project, run_id, experiment_id, name, user_id, status, started_at, ended_at, artifact_uri, lifecycle_stage FROM runs_0003 ORDER BY started_at, run_id;
DROP TABLE runs_0003;
CREATE INDEX runs_by_experiment ON runs (project, experiment_id, started_at DESC, run_id);

INSERT INTO log_keys (project, key)
SELECT project, key FROM run_params UNION SELECT project, key FROM run_tags UNION SELECT project, key FROM metrics ORDER BY 1, 2;

ALTER TABLE run_params RENAME TO run_params_0003;
CREATE TABLE run_params (
    run_no BIGINT NOT NULL,
    key_no BIGINT NOT NULL,
    value  TEXT NOT NULL,
    PRIMARY KEY (run_no, key_no)
) WITHOUT ROWID;
INSERT INTO run_params
SELECT r.run_no, k.key_no, p.value FROM run_params_0003 p
JOIN runs r ON r.project = p.project AND r.run_id = p.run_id JOIN log_keys k ON k.project = p.project AND k.key = p.key;
DROP TABLE run_params_0003;

ALTER TABLE run_tags RENAME TO run_tags_0003;
CREATE TABLE run_tags (
    run_no BIGINT NOT NULL,
    key_no BIGINT NOT NULL,
    value  TEXT NOT NULL,
    PRIMARY KEY (run_no, key_no)
) WITHOUT ROWID;
INSERT INTO run_tags
SELECT r.run_no, k.key_no, t.value FROM run_tags_0003 t
JOIN runs r ON r.project = t.project AND r.run_id = t.run_id JOIN log_keys k ON k.project = t.project AND k.key = t.key;
DROP TABLE run_tags_0003;

-- A point is identified by all it says: logging it again is no change. NaN is a flag beside 0, since NULL and NaN compare differently in the engines.
ALTER TABLE metrics RENAME TO metrics_0003;
CREATE TABLE metrics (
    run_no      BIGINT NOT NULL,
    key_no      BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    step        BIGINT NOT NULL,
    step_micros BIGINT NOT NULL,
    value       DOUBLE PRECISION NOT NULL,
    is_nan      BOOLEAN NOT NULL,
    PRIMARY KEY (run_no, key_no, at, step, step_micros, value, is_nan)
) WITHOUT ROWID;
INSERT INTO metrics
SELECT r.run_no, k.key_no, m.at, m.step, 0, m.value, m.is_nan FROM metrics_0003 m
JOIN runs r ON r.project = m.project AND r.run_id = m.run_id JOIN log_keys k ON k.project = m.project AND k.key = m.key;
DROP TABLE metrics_0003;

-- The greatest point of each metric by (step, time, value), and the least and greatest value of all its points (null while all are NaN).
DROP TABLE latest_metrics;
CREATE TABLE latest_metrics (
    run_no      BIGINT NOT NULL,
    key_no      BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    step        BIGINT NOT NULL,
    step_micros BIGINT NOT NULL,
    value       DOUBLE PRECISION NOT NULL,
    is_nan      BOOLEAN NOT NULL,
    min_value   DOUBLE PRECISION NULL,
    max_value   DOUBLE PRECISION NULL,
    PRIMARY KEY (run_no, key_no)
) WITHOUT ROWID;
INSERT INTO latest_metrics
SELECT run_no, key_no, at, step, step_micros, value, is_nan, min_value, max_value FROM (
    SELECT m.run_no, m.key_no, m.at, m.step, m.step_micros, m.value, m.is_nan,
        ROW_NUMBER() OVER (PARTITION BY run_no, key_no ORDER BY step DESC, step_micros DESC, at DESC, value DESC, is_nan) AS place,
        MIN(CASE WHEN is_nan THEN NULL ELSE value END) OVER (PARTITION BY run_no, key_no) AS min_value,
        MAX(CASE WHEN is_nan THEN NULL ELSE value END) OVER (PARTITION BY run_no, key_no) AS max_value
    FROM metrics m) points WHERE place = 1;
CREATE INDEX latest_metrics_by_value ON latest_metrics (key_no, value, run_no);

-- Series of texts, which MLflow does not have. digest is the SHA-256 of the value, so that a long text can be part of a key.
CREATE TABLE text_points (
    run_no      BIGINT NOT NULL,
    key_no      BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    step        BIGINT NOT NULL,
    step_micros BIGINT NOT NULL,
    digest      TEXT NOT NULL,
    value       TEXT NOT NULL,
    PRIMARY KEY (run_no, key_no, at, step, step_micros, digest)
) WITHOUT ROWID;

CREATE INDEX run_inputs_by_dataset ON run_inputs (project, name, digest, run_id);
