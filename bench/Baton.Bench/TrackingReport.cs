using System.Globalization;
using System.Text;
using System.Text.Json;
using Baton.Inference;
using Baton.Verification.Hardware;

namespace Baton.Bench;

/// <summary>The figures as a table, or as JSON.</summary>
internal static class TrackingReport
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string Markdown(IReadOnlyList<TrackingFigure> figures, TrackingOptions options)
    {
        var machine = MachineFingerprint.Read(ModelSession.RuntimeName);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd}, {machine.Cpu}, {machine.Cores} cores, {machine.MemoryBytes / 1073741824d:0.#} GiB, ")
            .AppendLine(CultureInfo.InvariantCulture, $"{machine.OperatingSystem}, .NET {Environment.Version}; load a core at the end {machine.LoadPerCore:0.00}; {options.Time.TotalSeconds:0} s a line{(options.Quick ? ", quick" : "")}.");
        foreach (var database in figures.GroupBy(f => f.Database))
        {
            var postgres = database.Key == "postgres";
            text.AppendLine()
                .AppendLine(CultureInfo.InvariantCulture, $"**{(postgres ? "PostgreSQL" : "SQLite")}**")
                .AppendLine()
                .AppendLine($"| | measured | at most | | MLflow | ratio | requests/s | p50 ms |{(postgres ? " PostgreSQL's CPU ms |" : "")} |")
                .AppendLine($"|---|---:|---:|---|---:|---:|---:|---:|{(postgres ? "---:|" : "")}---|");
            foreach (var f in database)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {f.What} | {Number(f.Value)} {f.Unit} | {Number(f.Target)} | {(f.Passes is { } passes ? passes ? "pass" : "**over**" : "")} | {Number(f.Mlflow)} | {(f.Ratio is { } ratio ? $"{Number(ratio)}×" : "")} ")
                    .Append(CultureInfo.InvariantCulture, $"| {Number(f.PerSecond)} | {Number(f.Wall)} |{(postgres ? $" {Number(f.DatabaseCpu)} |" : "")} {f.Note} |")
                    .AppendLine();
            }
        }

        return text.ToString();
    }

    public static string Json(IReadOnlyList<TrackingFigure> figures) => JsonSerializer.Serialize(figures, Indented);

    /// <summary>Three digits that count.</summary>
    private static string Number(double? value) => value switch
    {
        null => "",
        >= 100 or <= -100 => value.Value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.Value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 1 => value.Value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("0.000", CultureInfo.InvariantCulture),
    };
}
