-- Searches walk a metric's numbers in order, and its NaNs, which are kept as 0 with a flag, apart from them, without a look at the rows.
DROP INDEX latest_metrics_by_value;
CREATE INDEX latest_metrics_by_value ON latest_metrics (key_no, is_nan, value, run_no);

-- A param or tag that few runs have leads to them. Values may be long, indexes may not: their first 64 characters are enough to find them.
CREATE INDEX run_params_by_value ON run_params (key_no, substr(value, 1, 64), run_no);
CREATE INDEX run_tags_by_value ON run_tags (key_no, substr(value, 1, 64), run_no);
