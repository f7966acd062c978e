-- Logged models of MLflow 3: what a run produced, before anything is registered. status is MLflow's number (1 pending, 2 ready, 3 upload failed).
CREATE TABLE logged_models (
    project         TEXT NOT NULL,
    model_id        TEXT NOT NULL,
    experiment_id   BIGINT NOT NULL,
    name            TEXT NOT NULL,
    model_type      TEXT NOT NULL,
    source_run_id   TEXT NOT NULL,
    status          BIGINT NOT NULL,
    artifact_uri    TEXT NOT NULL,
    lifecycle_stage TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    deleted_at      BIGINT NULL,
    PRIMARY KEY (project, model_id)
);
CREATE INDEX logged_models_by_experiment ON logged_models (project, experiment_id, created_at DESC, model_id);
CREATE INDEX logged_models_by_run ON logged_models (project, source_run_id);

CREATE TABLE logged_model_params (
    project  TEXT NOT NULL,
    model_id TEXT NOT NULL,
    key      TEXT NOT NULL,
    value    TEXT NOT NULL,
    PRIMARY KEY (project, model_id, key)
);

CREATE TABLE logged_model_tags (
    project  TEXT NOT NULL,
    model_id TEXT NOT NULL,
    key      TEXT NOT NULL,
    value    TEXT NOT NULL,
    PRIMARY KEY (project, model_id, key)
);

-- Every point logged with a model's id, beside the run's own row. dataset_name and dataset_digest are null where the client named none.
CREATE TABLE logged_model_metrics (
    project        TEXT NOT NULL,
    model_id       TEXT NOT NULL,
    key            TEXT NOT NULL,
    at             BIGINT NOT NULL,
    step           BIGINT NOT NULL,
    run_id         TEXT NOT NULL,
    value          DOUBLE PRECISION NOT NULL,
    is_nan         BOOLEAN NOT NULL,
    dataset_name   TEXT NULL,
    dataset_digest TEXT NULL,
    PRIMARY KEY (project, model_id, key, at, step, run_id)
);

-- Models that a run read; links are kept once.
CREATE TABLE run_model_inputs (
    project  TEXT NOT NULL,
    run_id   TEXT NOT NULL,
    model_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (project, run_id, model_id)
);

-- Models that a run produced, at a step; MLflow keeps every link it is sent.
CREATE TABLE run_model_outputs (
    project  TEXT NOT NULL,
    run_id   TEXT NOT NULL,
    position BIGINT NOT NULL,
    model_id TEXT NOT NULL,
    step     BIGINT NOT NULL,
    PRIMARY KEY (project, run_id, position)
);
CREATE INDEX run_model_outputs_by_model ON run_model_outputs (project, model_id);
