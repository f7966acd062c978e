namespace Baton.Contracts.Language;

/// <summary>Fields that many clauses have.</summary>
internal static class Bounds
{
    private static readonly string[] Levels = [.. Enum.GetValues<EvidenceLevel>().Select(Word)];

    /// <summary>At least so much.</summary>
    public static ValueField<T> Min<T>(Kind kind, Func<T, object?> get, Func<T, object, T> set, Func<object, string?>? refuse = null) =>
        new("min", kind, get, set, Tighter.Higher, "At least this.") { Refuse = refuse };

    /// <summary>At most so much.</summary>
    public static ValueField<T> Max<T>(Kind kind, Func<T, object?> get, Func<T, object, T> set, Func<object, string?>? refuse = null) =>
        new("max", kind, get, set, Tighter.Lower, "At most this.") { Refuse = refuse };

    /// <summary><c>NAME: {min: …}</c> on a value of the owner.</summary>
    public static GroupField<T> AtLeast<T>(
        string name, Kind kind, Func<T, object?> get, Func<T, object, T> set, string example, string about, Func<object, string?>? refuse = null)
        where T : class => new(name, about, $"{{min: {example}}}", Min(kind, get, set, refuse));

    /// <summary><c>NAME: {max: …}</c> on a value of the owner.</summary>
    public static GroupField<T> AtMost<T>(
        string name, Kind kind, Func<T, object?> get, Func<T, object, T> set, string example, string about, Func<object, string?>? refuse = null)
        where T : class => new(name, about, $"{{max: {example}}}", Max(kind, get, set, refuse));

    /// <summary>The lowest evidence that a clause accepts.</summary>
    public static ValueField<T> Evidence<T>(Func<T, EvidenceLevel?> get, Func<T, EvidenceLevel, T> set) => new(
        "evidence", Kind.Word(Levels), c => get(c) is { } level ? Word(level) : null, (c, v) => set(c, (EvidenceLevel)Array.IndexOf(Levels, (string)v)),
        Tighter.Neither, "Lowest evidence accepted.");

    /// <summary>Refuses what is not above 0.</summary>
    public static Func<object, string?> Above0(string what) => v => Convert.ToDouble(v, System.Globalization.CultureInfo.InvariantCulture) <= 0 ? $"{what} is above 0" : null;

    /// <summary>Refuses a duration that is not above 0.</summary>
    public static string? NoTime(object v) => (TimeSpan)v <= TimeSpan.Zero ? "a latency is above 0" : null;

    /// <summary>Refuses what is below 0.</summary>
    public static Func<object, string?> NotBelow0(string what) => v => v is < 0.0 ? $"{Quantities.Format((double)v)} is below 0; {what} is 0 or more" : null;

    /// <summary>Refuses what is no share.</summary>
    public static Func<object, string?> OfAll(string what) => v => v is < 0.0 or > 1.0 ? $"a share of {what} lies between 0 % and 100 %" : null;

    public static string Word(EvidenceLevel level) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(level.ToString());
}
