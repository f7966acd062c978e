-- Changes whose sender gave a key: sent again, they are answered from the result that is kept here, and not made again.
CREATE TABLE idempotency_keys (
    project     TEXT NOT NULL,
    actor       TEXT NOT NULL,
    key         TEXT NOT NULL,
    route       TEXT NOT NULL,
    body_digest TEXT NOT NULL,
    result      TEXT NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (project, actor, key)
);
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (at);

-- Names that registered models had, and how far their versions counted: a number is never used again under a name, since the ledger speaks of it.
-- holder is what the model is called now; null where it was deleted.
CREATE TABLE former_model_names (
    project      TEXT NOT NULL,
    name         TEXT NOT NULL,
    last_version BIGINT NOT NULL,
    holder       TEXT NULL,
    PRIMARY KEY (project, name)
);
CREATE INDEX former_model_names_by_holder ON former_model_names (project, holder);

-- The highest version of each stage is one step into this index.
CREATE INDEX model_versions_by_stage ON model_versions (project, name, stage, version DESC) WHERE deleted_at IS NULL;
CREATE INDEX registered_model_aliases_by_version ON registered_model_aliases (project, name, version);
