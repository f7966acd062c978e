-- Points of batches over many metrics, in the order they came: they would each touch another page of metrics. They are moved there many at a time, and
-- before anything reads that table (docs/adr/0013).
CREATE TABLE arrived_points (
    run_no      BIGINT NOT NULL,
    key_no      BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    step        BIGINT NOT NULL,
    step_micros BIGINT NOT NULL,
    value       DOUBLE PRECISION NOT NULL,
    is_nan      BOOLEAN NOT NULL
);
CREATE INDEX arrived_points_by_run ON arrived_points (run_no);
