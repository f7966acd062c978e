-- Names for versions that move: an alias points to one version of its model.
CREATE TABLE registered_model_aliases (
    project TEXT NOT NULL,
    name    TEXT NOT NULL,
    alias   TEXT NOT NULL,
    version BIGINT NOT NULL,
    set_by  TEXT NOT NULL,
    set_at  BIGINT NOT NULL,
    PRIMARY KEY (project, name, alias)
);

-- model_id is the logged model a version was made from; storage_location is where an unsealed version's files are.
ALTER TABLE model_versions ADD COLUMN model_id TEXT NULL;
ALTER TABLE model_versions ADD COLUMN storage_location TEXT NULL;
CREATE INDEX model_versions_by_run ON model_versions (project, run_id);
CREATE INDEX model_versions_by_update ON model_versions (project, updated_at DESC, name, version DESC);
