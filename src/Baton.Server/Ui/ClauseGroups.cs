namespace Baton.Server.Ui;

/// <summary>The groups that clauses are shown in, by the first word of a clause's name.</summary>
internal static class ClauseGroups
{
    /// <summary>What is checked whether or not a contract says so.</summary>
    public const string Standing = "Always checked";

    /// <summary>In the order they are shown.</summary>
    public static IReadOnlyList<string> All { get; } = ["Model", "Data", "Robustness", "Service", "Handover"];

    public static string Of(string clause) => clause.Split('.')[0] switch
    {
        "reproduces" or "metrics" or "fairness" or "checks" => "Model",
        "data" => "Data",
        "robustness" => "Robustness",
        "latency" or "memory" or "hardware" => "Service",
        _ => "Handover",
    };
}
