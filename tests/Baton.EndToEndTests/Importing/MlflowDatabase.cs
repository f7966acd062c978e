using Microsoft.Data.Sqlite;

namespace Baton.EndToEndTests.Importing;

/// <summary>Makes a small <c>mlflow.db</c> with the tables that matter, still in its write-ahead log.</summary>
internal static class MlflowDatabase
{
    private const string Schema =
        """
        CREATE TABLE experiments (experiment_id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(256) NOT NULL UNIQUE, artifact_location VARCHAR(256),
            lifecycle_stage VARCHAR(32), creation_time BIGINT, last_update_time BIGINT);
        CREATE TABLE experiment_tags (key VARCHAR(250) NOT NULL, value VARCHAR(5000), experiment_id INTEGER NOT NULL, PRIMARY KEY (key, experiment_id));
        CREATE TABLE runs (run_uuid VARCHAR(32) NOT NULL PRIMARY KEY, name VARCHAR(250), source_type VARCHAR(20), source_name VARCHAR(500), user_id VARCHAR(256),
            status VARCHAR(9), start_time BIGINT, end_time BIGINT, lifecycle_stage VARCHAR(20), artifact_uri VARCHAR(200), experiment_id INTEGER, deleted_time BIGINT);
        CREATE TABLE metrics (key VARCHAR(250) NOT NULL, value FLOAT NOT NULL, timestamp BIGINT NOT NULL, run_uuid VARCHAR(32) NOT NULL, step BIGINT DEFAULT '0' NOT NULL,
            is_nan BOOLEAN DEFAULT '0' NOT NULL, PRIMARY KEY (key, timestamp, step, run_uuid, value, is_nan));
        CREATE TABLE params (key VARCHAR(250) NOT NULL, value VARCHAR(8000) NOT NULL, run_uuid VARCHAR(32) NOT NULL, PRIMARY KEY (key, run_uuid));
        CREATE TABLE tags (key VARCHAR(250) NOT NULL, value VARCHAR(8000), run_uuid VARCHAR(32) NOT NULL, PRIMARY KEY (key, run_uuid));
        CREATE TABLE datasets (dataset_uuid VARCHAR(36) NOT NULL, experiment_id INTEGER NOT NULL, name VARCHAR(500) NOT NULL, digest VARCHAR(36) NOT NULL,
            dataset_source_type VARCHAR(36) NOT NULL, dataset_source TEXT NOT NULL, dataset_schema TEXT, dataset_profile TEXT, PRIMARY KEY (experiment_id, name, digest));
        CREATE TABLE inputs (input_uuid VARCHAR(36) NOT NULL, source_type VARCHAR(36) NOT NULL, source_id VARCHAR(36) NOT NULL, destination_type VARCHAR(36) NOT NULL,
            destination_id VARCHAR(36) NOT NULL, step BIGINT DEFAULT '0' NOT NULL, PRIMARY KEY (source_type, source_id, destination_type, destination_id));
        CREATE TABLE input_tags (input_uuid VARCHAR(36) NOT NULL, name VARCHAR(255) NOT NULL, value VARCHAR(500) NOT NULL, PRIMARY KEY (input_uuid, name));
        CREATE TABLE logged_models (model_id VARCHAR(34) NOT NULL PRIMARY KEY, experiment_id INTEGER NOT NULL, name VARCHAR(500) NOT NULL, artifact_location VARCHAR(1000) NOT NULL,
            creation_timestamp_ms BIGINT NOT NULL, last_updated_timestamp_ms BIGINT NOT NULL, status INTEGER NOT NULL, lifecycle_stage VARCHAR(32), model_type VARCHAR(500),
            source_run_id VARCHAR(32), status_message VARCHAR(1000));
        CREATE TABLE logged_model_params (model_id VARCHAR(34) NOT NULL, experiment_id INTEGER NOT NULL, param_key VARCHAR(255) NOT NULL, param_value TEXT NOT NULL);
        CREATE TABLE registered_models (name VARCHAR(256) NOT NULL PRIMARY KEY, creation_time BIGINT, last_updated_time BIGINT, description VARCHAR(5000));
        CREATE TABLE registered_model_tags (key VARCHAR(250) NOT NULL, value VARCHAR(5000), name VARCHAR(256) NOT NULL, PRIMARY KEY (key, name));
        CREATE TABLE registered_model_aliases (alias VARCHAR(256) NOT NULL, version INTEGER NOT NULL, name VARCHAR(256) NOT NULL, PRIMARY KEY (name, alias));
        CREATE TABLE model_versions (name VARCHAR(256) NOT NULL, version INTEGER NOT NULL, creation_time BIGINT, last_updated_time BIGINT, description VARCHAR(5000),
            user_id VARCHAR(256), current_stage VARCHAR(20), source VARCHAR(500), run_id VARCHAR(32), run_link VARCHAR(500), status VARCHAR(20), status_message VARCHAR(500),
            storage_location VARCHAR(500), PRIMARY KEY (name, version));
        CREATE TABLE model_version_tags (name VARCHAR(256) NOT NULL, version INTEGER NOT NULL, key VARCHAR(250) NOT NULL, value TEXT, PRIMARY KEY (name, version, key));
        CREATE TABLE trace_info (request_id VARCHAR(50) NOT NULL PRIMARY KEY, experiment_id INTEGER NOT NULL);
        CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
        """;

    private const string Rows =
        """
        INSERT INTO experiments VALUES (0, 'Default', 'mlflow-artifacts:/0', 'active', 1600000000000, 1600000000000), (1, 'trains', 'mlflow-artifacts:/1', 'active', 1600000000000, 1600000000001);
        INSERT INTO experiment_tags VALUES ('team', 'a', 1);
        INSERT INTO runs VALUES ('aaaa0001', 'first', 'LOCAL', 'train.py', 'ann', 'FINISHED', 1600000001000, 1600000005000, 'active', 'mlflow-artifacts:/1/aaaa0001/artifacts', 1, NULL),
            ('aaaa0002', 'second', 'LOCAL', 'train.py', 'ann', 'FAILED', 1600000001000, 1600000005000, 'deleted', 'mlflow-artifacts:/1/aaaa0002/artifacts', 1, 1600000007000);
        INSERT INTO metrics VALUES ('loss', 0.5, 1600000001001, 'aaaa0001', 1, 0), ('loss', 0.25, 1600000001002, 'aaaa0001', 2, 0), ('loss', 0, 1600000001003, 'aaaa0001', 3, 1),
            ('acc', 1.7976931348623157e308, 1600000001003, 'aaaa0001', 0, 0);
        INSERT INTO params VALUES ('lr', '0.1', 'aaaa0001');
        INSERT INTO tags VALUES ('mlflow.runName', 'first', 'aaaa0001'), ('mlflow.user', 'ann', 'aaaa0001');
        INSERT INTO datasets VALUES ('d1', 1, 'train', '066351ab', 'local', '{}', NULL, NULL);
        INSERT INTO inputs VALUES ('i1', 'DATASET', 'd1', 'RUN', 'aaaa0001', 0), ('i2', 'RUN_OUTPUT', 'aaaa0001', 'MODEL_OUTPUT', 'm-0001', 4);
        INSERT INTO input_tags VALUES ('i1', 'mlflow.data.context', 'training');
        INSERT INTO logged_models VALUES ('m-0001', 1, 'net', 'mlflow-artifacts:/1/models/m-0001/artifacts', 1600000002000, 1600000003000, 2, 'active', '', 'aaaa0001', NULL);
        INSERT INTO logged_model_params VALUES ('m-0001', 1, 'depth', '3');
        INSERT INTO registered_models VALUES ('eta', 1600000000000, 1600000000009, 'of trains');
        INSERT INTO registered_model_tags VALUES ('owner', 'ann', 'eta');
        INSERT INTO registered_model_aliases VALUES ('champion', 2, 'eta');
        INSERT INTO model_versions VALUES
            ('eta', 1, 1600000000001, 1600000000002, NULL, NULL, 'Deleted_Internal', 'REDACTED', 'REDACTED', 'REDACTED', NULL, NULL, NULL),
            ('eta', 2, 1600000000003, 1600000000004, 'the 2', 'ann', 'Production', 'models:/m-0001', 'aaaa0001', '', 'READY', NULL, 'mlflow-artifacts:/1/models/m-0001/artifacts');
        INSERT INTO model_version_tags VALUES ('eta', 2, 'reviewed', 'yes');
        """;

    /// <summary>Makes the database and the folder of artifacts beside it. While the result is not disposed the last rows are in the log only.</summary>
    public static SqliteConnection Make(string folder)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "mlflow.db")};Pooling=False");
        connection.Open();
        Run(connection, "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;");
        Run(connection, Schema);
        Run(connection, Rows);
        MlrunsFolder.Write(Path.Combine(folder, "mlartifacts", "1", "aaaa0001", "artifacts", "plots", "loss.txt"), "a plot");
        MlrunsFolder.Write(Path.Combine(folder, "mlartifacts", "1", "models", "m-0001", "artifacts", "MLmodel"), "flavors: {}");
        return connection;
    }

    public static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
