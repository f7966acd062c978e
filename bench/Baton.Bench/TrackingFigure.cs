namespace Baton.Bench;

/// <summary>One line of the table.</summary>
/// <param name="Database"><c>sqlite</c> or <c>postgres</c>.</param>
/// <param name="What">What was done.</param>
/// <param name="Value">What is judged: milliseconds of the server's processor a request, or as <paramref name="Unit"/> says.</param>
/// <param name="Unit">Of the value.</param>
/// <param name="Target">At most this.</param>
/// <param name="Mlflow">MLflow's figure on such a machine, in the same unit.</param>
/// <param name="PerSecond">Requests a second.</param>
/// <param name="Wall">Milliseconds of a request on the clock, median.</param>
/// <param name="DatabaseCpu">Milliseconds of PostgreSQL's processes a request.</param>
/// <param name="Note">Anything else.</param>
internal sealed record TrackingFigure(
    string Database, string What, double Value, string Unit, double? Target = null, double? Mlflow = null, double? PerSecond = null, double? Wall = null, double? DatabaseCpu = null, string Note = "")
{
    /// <summary>How many times less than MLflow.</summary>
    public double? Ratio => Mlflow / Value;

    public bool? Passes => Target is { } most ? Value <= most : null;
}
