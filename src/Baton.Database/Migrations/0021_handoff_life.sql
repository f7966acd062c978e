-- Contracts are numbered as they are proposed. Those from before are told apart by a major number each: what changed between them is not SQL's to say.
ALTER TABLE contracts ADD COLUMN version TEXT NULL;
ALTER TABLE contracts ADD COLUMN change TEXT NULL;
ALTER TABLE contracts ADD COLUMN compared_with TEXT NULL;
UPDATE contracts SET version = (
    SELECT COUNT(*) FROM contracts earlier
    WHERE earlier.project = contracts.project AND earlier.model = contracts.model
        AND (earlier.proposed_at < contracts.proposed_at OR (earlier.proposed_at = contracts.proposed_at AND earlier.digest <= contracts.digest))
) || '.0.0';

-- A side may need several signatures: one of each person.
CREATE TABLE signatures_by_person (
    project   TEXT NOT NULL,
    model     TEXT NOT NULL,
    digest    TEXT NOT NULL,
    side      TEXT NOT NULL,
    actor     TEXT NOT NULL,
    signed_at BIGINT NOT NULL,
    PRIMARY KEY (project, model, digest, side, actor)
);
INSERT INTO signatures_by_person (project, model, digest, side, actor, signed_at)
SELECT project, model, digest, side, actor, signed_at FROM contract_signatures;
DROP TABLE contract_signatures;
ALTER TABLE signatures_by_person RENAME TO contract_signatures;

-- Who must sign. Signers are JSON lists of actors; an empty one names nobody in particular.
CREATE TABLE handoff_policies (
    project            TEXT NOT NULL,
    model_signatures   BIGINT NOT NULL,
    service_signatures BIGINT NOT NULL,
    model_signers      TEXT NOT NULL,
    service_signers    TEXT NOT NULL,
    solo               BOOLEAN NOT NULL,
    PRIMARY KEY (project)
);

-- Another text of one clause. trade_off is JSON: what had been measured of the clause when it was offered.
CREATE TABLE counter_offers (
    project         TEXT NOT NULL,
    id              TEXT NOT NULL,
    model           TEXT NOT NULL,
    contract_digest TEXT NOT NULL,
    clause          TEXT NOT NULL,
    change          TEXT NOT NULL,
    reason          TEXT NOT NULL,
    answers         TEXT NULL,
    trade_off       TEXT NOT NULL,
    status          TEXT NOT NULL,
    offered_by      TEXT NOT NULL,
    offered_at      BIGINT NOT NULL,
    decided_by      TEXT NULL,
    decided_at      BIGINT NULL,
    decision        TEXT NULL,
    result_digest   TEXT NULL,
    PRIMARY KEY (project, id)
);
CREATE INDEX counter_offers_by_model ON counter_offers (project, model, offered_at);

-- What people say of a thing, below its path; anchor is the digest that the thing had then.
CREATE TABLE comments (
    project     TEXT NOT NULL,
    id          TEXT NOT NULL,
    about       TEXT NOT NULL,
    anchor      TEXT NULL,
    text        TEXT NOT NULL,
    author      TEXT NOT NULL,
    written_at  BIGINT NOT NULL,
    edited_at   BIGINT NULL,
    resolved_by TEXT NULL,
    resolved_at BIGINT NULL,
    PRIMARY KEY (project, id)
);
CREATE INDEX comments_by_thing ON comments (project, about, written_at);

-- version 0: every version of the model.
CREATE TABLE waivers (
    project    TEXT NOT NULL,
    id         TEXT NOT NULL,
    model      TEXT NOT NULL,
    clause     TEXT NOT NULL,
    version    BIGINT NOT NULL,
    reason     TEXT NOT NULL,
    ticket     TEXT NULL,
    waived_by  TEXT NOT NULL,
    waived_at  BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_by TEXT NULL,
    revoked_at BIGINT NULL,
    PRIMARY KEY (project, id)
);
CREATE INDEX waivers_by_model ON waivers (project, model, waived_at);

-- Data that only the service side knows; each verification that carries them is a use of those bytes.
CREATE TABLE holdouts (
    project     TEXT NOT NULL,
    model       TEXT NOT NULL,
    name        TEXT NOT NULL,
    digest      TEXT NOT NULL,
    size        BIGINT NOT NULL,
    columns     TEXT NOT NULL,
    uploaded_by TEXT NOT NULL,
    uploaded_at BIGINT NOT NULL,
    PRIMARY KEY (project, model, name)
);
CREATE INDEX holdouts_by_digest ON holdouts (digest);
CREATE TABLE holdout_uses (
    project      TEXT NOT NULL,
    verification TEXT NOT NULL,
    model        TEXT NOT NULL,
    name         TEXT NOT NULL,
    digest       TEXT NOT NULL,
    columns      TEXT NOT NULL,
    used_at      BIGINT NOT NULL,
    PRIMARY KEY (project, verification)
);
CREATE INDEX holdout_uses_by_name ON holdout_uses (project, model, name);
CREATE INDEX holdout_uses_by_digest ON holdout_uses (digest);
