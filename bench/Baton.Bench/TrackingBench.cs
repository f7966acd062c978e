using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Baton.Bench;

/// <summary>The tracking API of a control plane under load: the processor time of a request, beside MLflow's on such a machine.</summary>
internal sealed class TrackingBench(TrackingOptions options, CancellationToken cancellation)
{
    private const int Fillers = 8;
    private readonly List<TrackingFigure> _figures = [];

    /// <summary>Measures on each database.</summary>
    public async Task<IReadOnlyList<TrackingFigure>> RunAsync()
    {
        foreach (var database in options.Databases)
        {
            await using var postgres = database == "postgres" ? TrackingPostgres.Start() : null;
            await StartsAsync(database, postgres);
            await using var server = await TrackingServer.StartAsync(options.Baton, postgres, cancellation);
            await Task.Delay(TimeSpan.FromSeconds(3), cancellation);
            Add(new TrackingFigure(database, "memory idle", server.Memory, "MiB", Target: 150, Mlflow: 415));
            Measure(server, database);
            await Task.Delay(TimeSpan.FromSeconds(3), cancellation);
            Add(new TrackingFigure(database, "memory after", server.Memory, "MiB", Mlflow: 1027));
        }

        return _figures;
    }

    private void Measure(TrackingServer server, string database)
    {
        using var wire = new TrackingWire(server.Address);
        if (options.Parts.Contains("batch"))
        {
            foreach (var keys in (int[])[1000, 1])
            {
                foreach (var clients in (int[])[1, 8])
                {
                    var bodies = Enumerable.Range(0, clients).Select(_ => TrackingBody.Batch(NewRun(wire), keys)).ToList();
                    Add(Load(server, database, $"log-batch of 1,000 metrics, {Keys(keys)}, {Clients(clients)}", bodies, mlflow: 169));
                }
            }
        }

        if (options.Parts.Contains("run"))
        {
            const string run = """{"experiment_id":"0","user_id":"b","start_time":1795446216889,"tags":[{"key":"mlflow.user","value":"b"},{"key":"mlflow.source.name","value":"x.py"},{"key":"mlflow.source.type","value":"LOCAL"}]}""";
            foreach (var clients in (int[])[1, 8])
                Add(Load(server, database, $"create-run, {Clients(clients)}", [.. Enumerable.Range(0, clients).Select(_ => TrackingBody.Of("runs/create", run))], mlflow: 9.3));
            foreach (var clients in (int[])[1, 8])
                Add(Load(server, database, $"log-metric, {Clients(clients)}", [.. Enumerable.Range(0, clients).Select(_ => TrackingBody.Metric(NewRun(wire)))], mlflow: 6.8));
            var read = NewRun(wire);
            wire.Post("runs/log-batch", $$"""{"run_id":"{{read}}","metrics":[{{Join(20, i => $$"""{"key":"m{{i}}","value":{{i}},"timestamp":1,"step":0}""")}}],"params":[{{Join(20, i => $$"""{"key":"p{{i}}","value":"{{i}}"}""")}}]}""");
            foreach (var clients in (int[])[1, 8])
            {
                // MLflow's figure for this one was not recorded: it is held to the target of log-metric.
                Add(Load(server, database, $"get-run of 20 metrics and 20 params, {Clients(clients)}", [.. Enumerable.Range(0, clients).Select(_ => TrackingBody.Get($"/api/2.0/mlflow/runs/get?run_id={read}"))], null, target: 6.8 / 20));
            }
        }

        if (options.Parts.Contains("history"))
            History(server, database, wire);
        if (options.Parts.Contains("search"))
            Search(server, database, wire);
        if (options.Parts.Contains("transfer"))
        {
            foreach (var figure in TrackingTransfers.Run(server, database, NewRun(wire)))
                Add(figure);
        }
    }

    private void History(TrackingServer server, string database, TrackingWire wire)
    {
        var run = NewRun(wire);
        for (var from = 0; from < options.Points; from += 1000)
            wire.Post("runs/log-batch", $$"""{"run_id":"{{run}}","metrics":[{{Join(1000, i => $$"""{"key":"loss","value":{{((from + i) * 0.001).ToString("R", CultureInfo.InvariantCulture)}},"timestamp":{{1700000000000 + from + i}},"step":{{from + i}}}""")}}]}""");
        Add(Repeat(server, database, $"history of {options.Points:N0} points, pages of 25,000", 6200, () =>
        {
            var (token, points) = ("", 0);
            do
            {
                wire.Ask(TrackingWire.Request("GET", $"/api/2.0/mlflow/metrics/get-history?run_id={run}&metric_key=loss&max_results=25000{(token.Length > 0 ? "&page_token=" + Uri.EscapeDataString(token) : "")}", null));
                var body = wire.Body();
                var at = body.LastIndexOf("\"next_page_token\"", StringComparison.Ordinal);
                token = at < 0 ? "" : body[at..].Split('"')[3];
                points += 25_000;
            }
            while (token.Length > 0);
            if (points != options.Points)
                throw new BenchException($"The history has pages for {points} points, not for {options.Points}.");
        }));
        Add(Repeat(server, database, $"history of {options.Points:N0} points, column blocks", 6200, () =>
        {
            if (wire.Ask(TrackingWire.Request("GET", $"/api/v1/runs/{run}/metrics/loss/points", null, "application/octet-stream")) < options.Points * sizeof(double))
                throw new BenchException("The blocks are shorter than the points.");
        }));
        Add(Repeat(server, database, $"history of {options.Points:N0} points, interval of 320", 6200, () =>
            wire.Ask(TrackingWire.Request("GET", $"/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?run_ids={run}&metric_key=loss&max_results=320", null))));
    }

    private void Search(TrackingServer server, string database, TrackingWire wire)
    {
        var experiment = wire.Post("experiments/create", """{"name":"searched"}""")["experiment_id"]!.GetValue<string>();
        var watch = Stopwatch.StartNew();
        TrackingLoad.Fill(
            server,
            options.Runs,
            Fillers,
            (filler, at) =>
            {
                // The same numbers in every measurement: a hash of the run's place.
                double Value(int metric) => (double)(uint)HashCode(at, metric) / uint.MaxValue;
                var run = filler.Post("runs/create", $$"""{"experiment_id":"{{experiment}}","start_time":{{1795446216889 + at}}}""")["run"]!["info"]!["run_id"]!.GetValue<string>();
                filler.Post("runs/log-batch", $$"""
                    {"run_id":"{{run}}","metrics":[{{Join(10, m => $$"""{"key":"m{{m}}","value":{{Value(m).ToString("R", CultureInfo.InvariantCulture)}},"timestamp":1,"step":0}""")}}],
                     "params":[{{Join(5, p => $$"""{"key":"p{{p}}","value":"{{(uint)HashCode(at, 100 + p) % 10}}"}""")}}]}
                    """);
            },
            cancellation);
        Tell($"{database}: filled {options.Runs:N0} runs in {watch.Elapsed.TotalSeconds:0} s");
        var among = $"search of {options.Runs:N0} runs";
        string Body(int rows, string more = "") => $$"""{"experiment_ids":["{{experiment}}"],"filter":"metrics.m0 > 0.5 and params.p0 = '3'","order_by":["metrics.m1 DESC"],"max_results":{{rows}}{{more}}}""";
        foreach (var rows in (int[])[100, 1000])
        {
            var request = TrackingWire.Request("POST", "/api/2.0/mlflow/runs/search", Body(rows));
            // MLflow's figure is the clock's, for 1,000 of 10,000 runs.
            Add(Repeat(server, database, $"{among}, filter metric and param, order by a third, {rows:N0} rows", rows == 1000 ? 1800 : null, () => wire.Ask(request), target: 1800 / 20d));
        }

        var unfiltered = $$"""{"experiment_ids":["{{experiment}}"],"max_results":100""";
        Add(Repeat(server, database, $"{among}, newest 100", null, () => wire.Ask(TrackingWire.Request("POST", "/api/2.0/mlflow/runs/search", unfiltered + "}")), target: 1800 / 20d));
        var (page, first) = ("", 0d);
        for (var number = 1; number <= 500; number++)
        {
            var request = TrackingWire.Request("POST", "/api/2.0/mlflow/runs/search", unfiltered + (page.Length > 0 ? $",\"page_token\":\"{page}\"}}" : "}"));
            if (number == 1)
                first = Repeat(server, database, "", null, () => wire.Ask(request)).Value;
            if (number == Math.Min(500, options.Runs / 100))
                Add(Repeat(server, database, $"{among}, page {number} of 100", null, () => wire.Ask(request), target: Math.Max(1, 2 * first)));
            wire.Ask(request);
            page = JsonNode.Parse(wire.Body())!["next_page_token"]?.GetValue<string>() ?? "";
            if (page.Length == 0)
                break;
        }
    }

    private async Task StartsAsync(string database, TrackingPostgres? postgres)
    {
        var starts = new List<double>();
        for (var i = 0; i < 3; i++)
        {
            await using var server = await TrackingServer.StartAsync(options.Baton, postgres, cancellation);
            starts.Add(server.StartedIn.TotalMilliseconds);
        }

        starts.Sort();
        Add(new TrackingFigure(database, "start-up on an empty directory", starts[1], "ms", Target: 1000, Mlflow: 8000));
    }

    private TrackingFigure Load(TrackingServer server, string database, string what, IReadOnlyList<TrackingBody> clients, double? mlflow, double? target = null)
    {
        var (perSecond, wall, cpu, databaseCpu, _) = TrackingLoad.Run(server, clients, options.Time, cancellation);
        return new TrackingFigure(database, what, cpu, "ms CPU", target ?? mlflow / 20, mlflow, perSecond, wall, postgresOnly(databaseCpu), clients[0].Metrics > 1 ? $"{perSecond * clients[0].Metrics:N0} metrics/s" : "");

        double? postgresOnly(double value) => database == "postgres" ? value : null;
    }

    /// <summary>One request after the other for as long as a line takes.</summary>
    private TrackingFigure Repeat(TrackingServer server, string database, string what, double? mlflow, Action ask, double? target = null)
    {
        ask();
        var (before, times, watch) = (server.Cpu, new List<double>(), Stopwatch.StartNew());
        do
        {
            cancellation.ThrowIfCancellationRequested();
            var began = Stopwatch.GetTimestamp();
            ask();
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        while (watch.Elapsed < options.Time);
        var (after, seconds) = (server.Cpu, watch.Elapsed.TotalSeconds);
        times.Sort();
        return new TrackingFigure(database, what, (after.Server - before.Server).TotalMilliseconds / times.Count, "ms CPU", target ?? mlflow / 20, mlflow, times.Count / seconds, times[times.Count / 2],
            database == "postgres" ? (after.Database - before.Database).TotalMilliseconds / times.Count : null);
    }

    private void Add(TrackingFigure figure)
    {
        _figures.Add(figure);
        Tell($"{figure.Database}: {figure.What}: {figure.Value:0.###} {figure.Unit}{(figure.Passes is false ? $", over {figure.Target:0.###}" : "")}");
    }

    private static string NewRun(TrackingWire wire) =>
        wire.Post("runs/create", """{"experiment_id":"0","start_time":1795446216889}""")["run"]!["info"]!["run_id"]!.GetValue<string>();

    private static string Join(int count, Func<int, string> item) => string.Join(',', Enumerable.Range(0, count).Select(item));

    private static int HashCode(int run, int column)
    {
        var mixed = unchecked((uint)((run * 31) + column) * 2654435769u);
        return unchecked((int)((mixed ^ (mixed >> 15)) * 2246822519u));
    }

    private static string Keys(int keys) => keys == 1 ? "1 key" : $"{keys:N0} keys";

    private static string Clients(int clients) => clients == 1 ? "1 client" : $"{clients} clients";

    private static void Tell(string line) => Console.Error.WriteLine(line);
}
