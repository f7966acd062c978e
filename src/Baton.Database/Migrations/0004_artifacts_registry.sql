-- The files of runs: a mutable map from path to digest. The bytes are blobs.
CREATE TABLE artifact_files (
    project     TEXT NOT NULL,
    path        TEXT NOT NULL,
    digest      TEXT NOT NULL,
    size        BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    PRIMARY KEY (project, path)
);

-- Sealed, immutable lists of files, by their digest.
CREATE TABLE manifests (
    project   TEXT NOT NULL,
    digest    TEXT NOT NULL,
    document  TEXT NOT NULL,
    sealed_at BIGINT NOT NULL,
    PRIMARY KEY (project, digest)
);

CREATE TABLE registered_models (
    project      TEXT NOT NULL,
    name         TEXT NOT NULL,
    description  TEXT NULL,
    last_version BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    PRIMARY KEY (project, name)
);

CREATE TABLE registered_model_tags (
    project TEXT NOT NULL,
    name    TEXT NOT NULL,
    key     TEXT NOT NULL,
    value   TEXT NOT NULL,
    PRIMARY KEY (project, name, key)
);

-- manifest_digest is null for an unsealed version: its source could not be read.
CREATE TABLE model_versions (
    project         TEXT NOT NULL,
    name            TEXT NOT NULL,
    version         BIGINT NOT NULL,
    description     TEXT NOT NULL,
    source          TEXT NOT NULL,
    run_id          TEXT NOT NULL,
    run_link        TEXT NOT NULL,
    manifest_digest TEXT NULL,
    stage           TEXT NOT NULL,
    staged_at       BIGINT NULL,
    staged_by       TEXT NULL,
    created_by      TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    PRIMARY KEY (project, name, version)
);

CREATE TABLE model_version_tags (
    project TEXT NOT NULL,
    name    TEXT NOT NULL,
    version BIGINT NOT NULL,
    key     TEXT NOT NULL,
    value   TEXT NOT NULL,
    PRIMARY KEY (project, name, version, key)
);
