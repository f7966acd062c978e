-- What was brought in from elsewhere: the digest of its content there, so that it is not sent twice, and what became of it here.
CREATE TABLE imports (
    project     TEXT NOT NULL,
    source      TEXT NOT NULL,
    kind        TEXT NOT NULL,
    source_id   TEXT NOT NULL,
    digest      TEXT NOT NULL,
    target      TEXT NOT NULL,
    imported_at BIGINT NOT NULL,
    PRIMARY KEY (project, source, kind, source_id)
);
