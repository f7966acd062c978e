-- A deleted version keeps its number and its row, and is not read again.
ALTER TABLE model_versions ADD COLUMN deleted_at BIGINT NULL;

-- The row is what decisions about an endpoint lock. deployment_id is the newest deployment; out of service it stays, for the history.
-- logging says in JSON what is kept of its predictions; null keeps everything.
CREATE TABLE endpoints (
    project       TEXT NOT NULL,
    name          TEXT NOT NULL,
    deployment_id TEXT NULL,
    in_service    BOOLEAN NOT NULL,
    logging       TEXT NULL,
    PRIMARY KEY (project, name)
);

-- seq is the number of the decision in the ledger. returns_to is where a rollback goes from here: rollbacks are skipped, with what they left.
CREATE TABLE deployments (
    project        TEXT NOT NULL,
    id             TEXT NOT NULL,
    seq            BIGINT NOT NULL,
    endpoint       TEXT NOT NULL,
    model          TEXT NOT NULL,
    version        BIGINT NOT NULL,
    package_digest TEXT NOT NULL,
    kind           TEXT NOT NULL,
    previous       BIGINT NULL,
    returns_to     TEXT NULL,
    reason         TEXT NULL,
    actor          TEXT NOT NULL,
    at             BIGINT NOT NULL,
    PRIMARY KEY (project, id)
);
CREATE INDEX deployments_by_endpoint ON deployments (project, endpoint, seq);

-- The last word of each serving node: a JSON document of what it serves, in all projects.
CREATE TABLE serving_nodes (
    node     TEXT NOT NULL PRIMARY KEY,
    address  TEXT NOT NULL,
    document TEXT NOT NULL,
    seen_at  BIGINT NOT NULL
);
