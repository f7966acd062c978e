using System.Globalization;
using System.Text;

namespace Baton.Bench;

/// <summary>A request built once, in which numbers of ten digits are written anew before it is sent again: no time goes into making JSON.</summary>
internal sealed class TrackingBody
{
    private const string Mark = "@@@@@@@@@@";
    private const long First = 1_000_000_000;

    private readonly int[] _places;
    private bool _isSeries;
    private long _next = First;

    private TrackingBody(byte[] bytes, int[] places)
    {
        Bytes = bytes;
        _places = places;
    }

    public byte[] Bytes { get; }

    /// <summary>Metrics that the request logs.</summary>
    public int Metrics { get; private init; }

    /// <summary>A batch of 1,000 points of as many keys, or of one.</summary>
    public static TrackingBody Batch(string run, int keys)
    {
        var points = Enumerable.Range(0, 1000).Select(i =>
            $$"""{"key":"{{(keys == 1 ? "loss" : $"k{i}")}}","value":{{(Math.Sin(i) * 3).ToString("R", CultureInfo.InvariantCulture)}},"timestamp":179{{Mark}},"step":{{Mark}}}""");
        return Of("runs/log-batch", $$"""{"run_id":"{{run}}","metrics":[{{string.Join(',', points)}}]}""", 1000, isSeries: keys == 1);
    }

    public static TrackingBody Metric(string run) =>
        Of("runs/log-metric", $$"""{"run_uuid":"{{run}}","run_id":"{{run}}","key":"m","value":0.5,"timestamp":179{{Mark}},"step":{{Mark}}}""", 1);

    /// <param name="route">Below MLflow's prefix.</param>
    /// <param name="body">JSON; each metric has the mark twice, as time and as step.</param>
    /// <param name="metrics">How many.</param>
    /// <param name="isSeries">Whether they follow each other in time; else they are of one moment.</param>
    public static TrackingBody Of(string route, string body, int metrics = 0, bool isSeries = false)
    {
        var bytes = TrackingWire.Request("POST", "/api/2.0/mlflow/" + route, body);
        var (mark, places) = (Encoding.ASCII.GetBytes(Mark), new List<int>());
        for (int at = 0, found; (found = bytes.AsSpan(at).IndexOf(mark)) >= 0; at += found + mark.Length)
            places.Add(at + found);
        return new TrackingBody(bytes, [.. places]) { Metrics = metrics, _isSeries = isSeries };
    }

    public static TrackingBody Get(string path) => new(TrackingWire.Request("GET", path, null), []);

    /// <summary>The request again, with every marked number one that it never held before.</summary>
    public byte[] Next()
    {
        for (var i = 0; i < _places.Length; i++)
            (_next + (_isSeries ? i / 2 : 0)).TryFormat(Bytes.AsSpan(_places[i], Mark.Length), out _, provider: CultureInfo.InvariantCulture);
        _next += _isSeries ? Metrics : 1;
        return Bytes;
    }
}
