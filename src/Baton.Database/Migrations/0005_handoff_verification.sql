CREATE TABLE contracts (
    project        TEXT NOT NULL,
    model          TEXT NOT NULL,
    digest         TEXT NOT NULL,
    document       TEXT NOT NULL,
    status         TEXT NOT NULL,
    proposed_by    TEXT NOT NULL,
    proposed_at    BIGINT NOT NULL,
    in_force_since BIGINT NULL,
    PRIMARY KEY (project, model, digest)
);

CREATE TABLE contract_signatures (
    project   TEXT NOT NULL,
    model     TEXT NOT NULL,
    digest    TEXT NOT NULL,
    side      TEXT NOT NULL,
    actor     TEXT NOT NULL,
    signed_at BIGINT NOT NULL,
    PRIMARY KEY (project, model, digest, side)
);

-- The claims of a version; the newest count, the older stay, since evidence names them by digest.
CREATE TABLE claims (
    project      TEXT NOT NULL,
    model        TEXT NOT NULL,
    version      BIGINT NOT NULL,
    digest       TEXT NOT NULL,
    document     TEXT NOT NULL,
    submitted_by TEXT NOT NULL,
    submitted_at BIGINT NOT NULL,
    PRIMARY KEY (project, model, version, digest)
);

CREATE TABLE handoffs (
    project         TEXT NOT NULL,
    id              TEXT NOT NULL,
    model           TEXT NOT NULL,
    contract_digest TEXT NOT NULL,
    note            TEXT NULL,
    submitted_by    TEXT NOT NULL,
    submitted_at    BIGINT NOT NULL,
    PRIMARY KEY (project, id)
);

CREATE TABLE handoff_candidates (
    project    TEXT NOT NULL,
    handoff_id TEXT NOT NULL,
    version    BIGINT NOT NULL,
    PRIMARY KEY (project, handoff_id, version)
);

CREATE TABLE verifications (
    project            TEXT NOT NULL,
    id                 TEXT NOT NULL,
    handoff_id         TEXT NULL,
    model              TEXT NOT NULL,
    version            BIGINT NOT NULL,
    job_id             TEXT NOT NULL,
    state              TEXT NOT NULL,
    verdict            TEXT NULL,
    reason             TEXT NULL,
    contract_digest    TEXT NOT NULL,
    claims_digest      TEXT NOT NULL,
    package_digest     TEXT NOT NULL,
    production_version BIGINT NULL,
    evidence_digest    TEXT NULL,
    queued_at          BIGINT NOT NULL,
    finished_at        BIGINT NULL,
    PRIMARY KEY (project, id)
);
CREATE INDEX verifications_by_version ON verifications (project, model, version, queued_at);

CREATE TABLE evidence (
    project  TEXT NOT NULL,
    digest   TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (project, digest)
);
