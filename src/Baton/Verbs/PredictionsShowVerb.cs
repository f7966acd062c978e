using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Baton.Contracts;
using Baton.Terminal;
using Spectre.Console;

namespace Baton.Verbs;

/// <summary><c>baton predictions show</c>: one prediction, whole.</summary>
internal sealed class PredictionsShowVerb : Command
{
    private readonly Argument<string> _id = new("ID") { Description = "Prediction, as the answer named it" };
    private readonly Option<string> _endpoint = PredictionsVerb.Endpoint();
    private readonly Option<string?> _server = Flags.Server();
    private readonly Option<bool> _json = Flags.Json();

    public PredictionsShowVerb()
        : base("show", "Show one prediction: inputs, version, outputs, label, latency.")
    {
        Add(_id);
        foreach (var option in new Option[] { _endpoint, _server, _json })
            Add(option);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var screen = new Screen(parse.GetValue(_json));
        using var client = Flags.Connect(parse, _server);
        var prediction = await client.GetPredictionAsync(parse.GetRequiredValue(_endpoint), parse.GetRequiredValue(_id), stop);
        if (screen.Json)
        {
            Screen.WriteJson(prediction);
            return ExitCode.Done;
        }

        screen.Out.MarkupLineInterpolated($"[bold]{prediction.PredictionId}[/]  version {prediction.Version} ({prediction.Arm}), {Digests.Short(prediction.PackageDigest)}");
        screen.Line(string.Create(
            CultureInfo.InvariantCulture, $"  event {prediction.EventTime.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, logged {prediction.LoggedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, {prediction.LatencyUs} µs"));
        Write(screen, "inputs", prediction.Inputs);
        Write(screen, "outputs", prediction.Outputs);
        if (prediction.Score is { } score)
            screen.Line(string.Create(CultureInfo.InvariantCulture, $"  score   {score:R}"));
        foreach (var label in prediction.Labels ?? [])
            screen.Line(string.Create(CultureInfo.InvariantCulture, $"  label   {label.Value} (revision {label.Revision}, known {label.KnownAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC)"));
        if (prediction.Labels is not { Count: > 0 })
            screen.Line("  label   not known yet");
        return ExitCode.Done;
    }

    /// <summary>Named values, one a line.</summary>
    public static void Write(Screen screen, string title, IReadOnlyDictionary<string, JsonElement> values)
    {
        screen.Line($"  {title}");
        var width = values.Keys.Select(k => k.Length).DefaultIfEmpty().Max();
        foreach (var (name, value) in values)
            screen.Line($"    {name.PadRight(width)}  {(value.ValueKind == JsonValueKind.Null ? "(redacted)" : value.GetRawText())}");
    }
}
