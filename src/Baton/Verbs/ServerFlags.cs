using System.CommandLine;
using Baton.Configuration;
using Baton.Server;

namespace Baton.Verbs;

/// <summary>The options of a control plane, the same for every verb that starts one.</summary>
internal sealed class ServerFlags
{
    private const string TruncateVariable = "MLFLOW_TRUNCATE_LONG_VALUES";
    private const string WebhookKeyVariable = "BATON_WEBHOOK_KEY";

    private readonly Option<string?> _data = Settings.OptionFor(Setting.Data);
    private readonly Option<string?> _host = Settings.OptionFor(Setting.Host);
    private readonly Option<string?> _port = Settings.OptionFor(Setting.Port);
    private readonly Option<string?> _database = Settings.OptionFor(Setting.Database);
    private readonly Option<string?> _blobs = Settings.OptionFor(Setting.Blobs);
    private readonly Option<string?> _artifactRoot = Settings.OptionFor(Setting.DefaultArtifactRoot);

    private readonly Option<string?> _webhookSchemes = Settings.OptionFor(Setting.WebhookAllowedSchemes);
    private readonly Option<string?> _webhookPrivate = Settings.OptionFor(Setting.WebhookAllowPrivate);

    public void AddTo(Command command)
    {
        foreach (var option in new[] { _data, _host, _port, _database, _blobs, _artifactRoot, _webhookSchemes, _webhookPrivate })
            command.Add(option);
    }

    /// <summary>The options, every fault of them told at once.</summary>
    /// <exception cref="InvalidOptionsException">They do not fit.</exception>
    public ServerOptions Read(ParseResult parse)
    {
        var settings = Settings.Load();
        var options = new ServerOptions
        {
            DataDirectory = settings.Text(Setting.Data, parse.GetValue(_data))!,
            Host = settings.Text(Setting.Host, parse.GetValue(_host))!,
            Port = settings.Port(Setting.Port, parse.GetValue(_port)),
            Database = settings.Text(Setting.Database, parse.GetValue(_database)),
            Blobs = settings.Text(Setting.Blobs, parse.GetValue(_blobs)),
            DefaultArtifactRoot = settings.Text(Setting.DefaultArtifactRoot, parse.GetValue(_artifactRoot))!,
            WebhookAllowedSchemes = settings.Text(Setting.WebhookAllowedSchemes, parse.GetValue(_webhookSchemes))!
                .ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            WebhookAllowPrivate = settings.Flag(Setting.WebhookAllowPrivate, parse.GetValue(_webhookPrivate)),
            TruncateLongValues = !"false".Equals(Environment.GetEnvironmentVariable(TruncateVariable), StringComparison.OrdinalIgnoreCase),
            WebhookKey = Environment.GetEnvironmentVariable(WebhookKeyVariable) is { Length: > 0 } key ? key : null,
        };
        return options.Problems() is { Count: > 0 } problems ? throw new InvalidOptionsException(problems) : options;
    }
}
