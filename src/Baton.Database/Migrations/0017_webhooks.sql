-- Events are numbered apart from the ledger: a tag is no decision, and is told all the same.
INSERT INTO counters (project, name, value) SELECT '', 'outbox', value FROM counters WHERE project = '' AND name = 'ledger';
CREATE INDEX outbox_by_type ON outbox (type, seq);

-- Events that a subscriber failed on again and again, whole: the outbox's own row is trimmed meanwhile.
CREATE TABLE parked_events (
    subscriber TEXT NOT NULL,
    seq        BIGINT NOT NULL,
    id         TEXT NOT NULL,
    type       TEXT NOT NULL,
    v          BIGINT NOT NULL,
    project    TEXT NOT NULL,
    subject    TEXT NOT NULL,
    actor      TEXT NOT NULL,
    at         BIGINT NOT NULL,
    data       TEXT NOT NULL,
    error      TEXT NOT NULL,
    parked_at  BIGINT NOT NULL,
    PRIMARY KEY (subscriber, seq)
);
CREATE INDEX parked_events_by_project ON parked_events (project, seq);

-- secret is encrypted. events is the list as the client gave it, in JSON.
CREATE TABLE webhooks (
    project     TEXT NOT NULL,
    webhook_id  TEXT NOT NULL,
    name        TEXT NOT NULL,
    description TEXT NULL,
    url         TEXT NOT NULL,
    events      TEXT NOT NULL,
    status      TEXT NOT NULL,
    secret      TEXT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    deleted_at  BIGINT NULL,
    PRIMARY KEY (project, webhook_id)
);
CREATE INDEX webhooks_by_creation ON webhooks (project, created_at DESC, webhook_id);

-- What is to be sent, and what was: one row for an event and a webhook. next_at is when it may be tried, null once it is settled.
CREATE TABLE webhook_deliveries (
    delivery_id TEXT NOT NULL PRIMARY KEY,
    project     TEXT NOT NULL,
    webhook_id  TEXT NOT NULL,
    event_id    TEXT NOT NULL,
    event       TEXT NOT NULL,
    body        TEXT NOT NULL,
    state       TEXT NOT NULL,
    attempts    BIGINT NOT NULL,
    next_at     BIGINT NULL,
    queued_at   BIGINT NOT NULL,
    settled_at  BIGINT NULL,
    status_code BIGINT NULL,
    error       TEXT NULL,
    UNIQUE (project, webhook_id, event_id)
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_at);
CREATE INDEX webhook_deliveries_settled ON webhook_deliveries (settled_at);
CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (project, webhook_id, queued_at);

-- Lineage goes these ways too.
CREATE INDEX run_model_inputs_by_model ON run_model_inputs (project, model_id);
CREATE INDEX model_versions_by_model_id ON model_versions (project, model_id);
CREATE INDEX deployments_by_version ON deployments (project, model, version, seq);
