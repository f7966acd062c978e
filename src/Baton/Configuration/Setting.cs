namespace Baton.Configuration;

/// <summary>One thing that can be configured: by flag, by environment, by <c>baton.yaml</c>, or left at its default; the first that speaks wins.</summary>
/// <param name="Name">Key in <c>baton.yaml</c>; the flag is <c>--NAME</c>, the environment variable <c>BATON_NAME</c> with <c>_</c> for <c>-</c>.</param>
/// <param name="Default">Value where nobody says another; null for none.</param>
/// <param name="Meaning">One line for people.</param>
/// <param name="HelpName">What stands for the value in the help.</param>
internal sealed record Setting(string Name, string? Default, string Meaning, string HelpName)
{
    public static readonly Setting Server = new("server", "http://localhost:5000", "Address of the control plane", "URL");
    public static readonly Setting Data = new("data", "baton-data", "Directory of the embedded database, blobs and logs", "DIR");
    public static readonly Setting Host = new("host", "127.0.0.1", "Address to listen on", "ADDRESS");
    public static readonly Setting Port = new("port", "5000", "Port to listen on; 0 takes any free one", "PORT");
    public static readonly Setting ServePort = new("serve-port", "8080", "Port of the serving node; 0 takes any free one", "PORT");
    public static readonly Setting Database = new("database", null, "sqlite:FILE or postgres:CONNECTION; by default SQLite in the data directory", "DATABASE");
    public static readonly Setting Blobs = new("blobs", null, "file:DIR; by default blobs in the data directory", "BLOBS");

    public static readonly Setting DefaultArtifactRoot = new("default-artifact-root", "mlflow-artifacts:/",
        "Where files of new experiments go: mlflow-artifacts:/ through Baton, or file:///DIR, which clients write themselves", "URI");

    public static readonly Setting WebhookAllowedSchemes = new("webhook-allowed-schemes", "https", "Schemes of the URLs that webhooks may have: https, http, or both with a comma", "SCHEMES")
    {
        MlflowVariable = "MLFLOW_WEBHOOK_ALLOWED_SCHEMES",
    };

    public static readonly Setting WebhookAllowPrivate = new("webhook-allow-private", "false", "true lets webhooks reach this machine and private networks", "BOOL")
    {
        MlflowVariable = "MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS",
    };

    /// <summary>All of them, in the order of <c>baton config show</c>.</summary>
    public static IReadOnlyList<Setting> All { get; } = [Server, Data, Host, Port, ServePort, Database, Blobs, DefaultArtifactRoot, WebhookAllowedSchemes, WebhookAllowPrivate];

    /// <summary>MLflow's variable of the same meaning, heard where Baton's own says nothing; null for none.</summary>
    public string? MlflowVariable { get; private init; }

    /// <summary>Flag on the command line.</summary>
    public string Flag => $"--{Name}";

    /// <summary>Environment variable.</summary>
    public string Variable => $"BATON_{Name.ToUpperInvariant().Replace('-', '_')}";
}

/// <summary>A setting's value and where it comes from.</summary>
/// <param name="Setting">The setting.</param>
/// <param name="Value">The value; null for none.</param>
/// <param name="Source">E.g. <c>flag --port</c>, <c>environment BATON_PORT</c>, <c>baton.yaml line 3</c>, <c>default</c>.</param>
internal sealed record SettingValue(Setting Setting, string? Value, string Source);
