using Baton.Client;
using Baton.Contracts;
using Baton.Handover;
using Baton.Terminal;
using Baton.Verbs;

namespace Baton.Quickstart;

/// <summary>The lap: from three runs to a version in production, and on to live traffic, through public interfaces and nothing else.</summary>
internal sealed class Lap(BatonClient client, FlightsSample sample, Narrator narrator, TimeProvider time)
{
    private const string Staging = "staging";
    private const string Production = "production";
    private const int LiveFlights = 40_000;

    private readonly Pages _pages = new(client.Server);

    /// <summary>Runs the lap.</summary>
    public async Task<Summary> RunAsync(long started, CancellationToken cancel)
    {
        var runs = await LogRunsAsync(cancel);
        await RegisterAsync(runs, cancel);
        await ClaimAsync(cancel);
        await AgreeAsync(cancel);

        var champion = await HandOverAsync([0], cancel);
        var versions = new List<VersionSummary>();
        foreach (var verification in champion)
            versions.Add(await PromoteAsync(verification, [Staging, Production], cancel));
        var candidates = await HandOverAsync([1, 2], cancel);
        foreach (var verification in candidates)
            versions.Add(await PromoteAsync(verification, [Production], cancel));

        var traffic = await new LiveTraffic(client, sample, narrator, time).RunAsync(client.Server, cancel);
        var stages = (await client.GetStagesAsync(FlightsSample.Model, cancel)).ToDictionary(s => s.Stage, s => s.Version);
        var summary = new Summary
        {
            Runs = [.. runs.Select(r => new RunSummary(r.Info.RunName, r.Info.RunId, _pages.Run(r.Info)))],
            Versions = versions,
            Stages = new Dictionary<string, string?> { [Staging] = stages.GetValueOrDefault(Staging), [Production] = stages.GetValueOrDefault(Production) },
            Endpoint = traffic.Endpoint,
            Predictions = traffic.Predictions,
            Labelled = traffic.Labelled,
            Weeks = traffic.Weeks,
            Ledger = await CountLedgerAsync(cancel),
            Url = client.Server,
            Seconds = Math.Round(time.GetElapsedTime(started).TotalSeconds, 1),
            Differences = [],
        };
        return summary with { Differences = [.. Differences(summary)] };
    }

    private async Task<IReadOnlyList<Run>> LogRunsAsync(CancellationToken cancel) =>
        await narrator.StepAsync("Logging three runs, as a notebook would", async progress =>
        {
            var git = await GitCheckout.FindAsync(cancel);
            var training = new TrainingCode(client, sample, git, time);
            var experiment = await client.GetOrCreateExperimentAsync("flights", cancel);
            var runs = new List<Run>();
            foreach (var model in FlightsSample.Models)
            {
                progress(model.Name);
                runs.Add(await training.LogAsync(experiment.ExperimentId, model, cancel));
            }
            var code = git is null ? "no git commit here to name" : $"code at {git.Commit[..10]}{(git.Dirty ? ", with changes" : "")}";
            return (runs, $"{Words.List([.. runs.Select(r => r.Info.RunName)])}: params, metrics, datasets, files; {code}");
        });

    private async Task RegisterAsync(IReadOnlyList<Run> runs, CancellationToken cancel) =>
        await narrator.StepAsync("Registering them", async _ =>
        {
            await client.EnsureRegisteredModelAsync(FlightsSample.Model, "At departure: will the flight arrive more than 15 minutes late?", cancel);
            var versions = new List<ModelVersion>();
            foreach (var (model, run) in FlightsSample.Models.Zip(runs))
                versions.Add(await client.CreateModelVersionAsync(FlightsSample.Model, $"runs:/{run.Info.RunId}/model", run.Info.RunId, model.Description, cancel));
            return (versions, $"versions {Words.List([.. versions.Select(v => v.Version)])} of {FlightsSample.Model}, their files sealed");
        });

    private async Task ClaimAsync(CancellationToken cancel) =>
        await narrator.StepAsync("Writing the claims of each, from its files", async progress =>
        {
            var drafts = new CandidateDraft(client);
            var parameters = new List<string>();
            for (var i = 0; i < FlightsSample.Models.Count; i++)
            {
                progress(FlightsSample.Models[i].Name);
                var version = Number(i);
                var claims = await drafts.WriteAsync(new VersionName(FlightsSample.Model, version), CandidateDraft.UsualPredictions, cancel);
                await client.PutClaimsAsync(FlightsSample.Model, version, claims, cancel);
                parameters.Add(Words.Number(claims.Parameters.Total));
            }
            return (parameters, $"{Words.List(parameters)} learned values, interface, framework, {FlightsSample.Models.Count} test sets");
        });

    private async Task AgreeAsync(CancellationToken cancel) =>
        await narrator.StepAsync("Putting the contract in force", async _ =>
        {
            var contract = await client.ProposeContractAsync(FlightsSample.Model, await File.ReadAllTextAsync(sample.ContractFile, cancel), cancel);
            await client.SignContractAsync(FlightsSample.Model, contract.Digest, ContractSide.Model, cancel);
            contract = await client.SignContractAsync(FlightsSample.Model, contract.Digest, ContractSide.Service, cancel);
            return (contract, $"{Digests.Short(contract.Digest)} {Words.Of(contract.Status)}, signed by both sides");
        });

    private async Task<IReadOnlyList<VerificationRecord>> HandOverAsync(int[] models, CancellationToken cancel)
    {
        var names = Words.List([.. models.Select(i => FlightsSample.Models[i].Name)]);
        return await narrator.StepAsync($"Handing over {names}", async progress =>
        {
            var handoff = await client.SubmitHandoffAsync(FlightsSample.Model, [.. models.Select(Number)], $"quickstart: {names}", cancel);
            var verifications = await Candidates.WaitAsync(client, handoff, progress, cancel);
            return (verifications, string.Join("; ", verifications.Select(Candidates.At)));
        });
    }

    private async Task<VersionSummary> PromoteAsync(VerificationRecord verification, string[] stages, CancellationToken cancel)
    {
        var name = FlightsSample.Models[int.Parse(verification.Version, System.Globalization.CultureInfo.InvariantCulture) - 1].Name;
        var gate = new GateSummary(Production, Open: false, Reason: null);
        foreach (var stage in stages)
        {
            gate = await narrator.StepAsync($"Promoting version {verification.Version} ({name}) to {stage}", async _ =>
            {
                try
                {
                    var promotion = await client.PromoteAsync(verification.Model, verification.Version, stage, reason: "quickstart", cancel: cancel);
                    return (new GateSummary(stage, Open: true, Reason: null), $"in {promotion.Stage}");
                }
                catch (BatonApiException e) when (e.Code == "gate_refused")
                {
                    return (new GateSummary(stage, Open: false, e.Message), $"refused: {e.Message}");
                }
            });
            if (!gate.Open)
                break;
        }
        return VersionSummary.Of(name, verification, gate, _pages.Version(verification.Model, verification.Version));
    }

    private async Task<int> CountLedgerAsync(CancellationToken cancel)
    {
        var count = 0;
        long? after = null;
        do
        {
            var page = await client.ReadLedgerAsync(after: after, limit: 1000, cancel: cancel);
            count += page.Entries.Count;
            after = page.Next;
        }
        while (after is not null);
        return count;
    }

    private static IEnumerable<string> Differences(Summary summary)
    {
        foreach (var (version, expected) in summary.Versions.Zip([Verdict.Pass, Verdict.Fail, Verdict.Inconclusive]))
        {
            if (version.Verdict != expected)
                yield return $"version {version.Version} ({version.Name}) is {Words.Of(version.Verdict)}, not {Words.Of(expected)}{Why(version)}";
            if (version.Gate.Open && expected != Verdict.Pass)
                yield return $"the gate to {version.Gate.Stage} let version {version.Version} through";
            if (!version.Gate.Open && expected == Verdict.Pass)
                yield return $"the gate to {version.Gate.Stage} refused version {version.Version}: {version.Gate.Reason}";
        }
        if (summary.Stages[Production] != Number(0))
            yield return $"in production is {summary.Stages[Production] ?? "nothing"}, not version {Number(0)}";
        if (summary.Predictions != LiveFlights || summary.Labelled != LiveFlights)
            yield return $"the log holds {summary.Predictions} predictions, {summary.Labelled} of them labelled; {LiveFlights} flights were sent";
    }

    private static string Why(VersionSummary version)
    {
        var clauses = version.Clauses.Where(c => c.Verdict != Verdict.Pass).ToList();
        return clauses.Count == 0 ? "" : ": " + string.Join("; ", clauses.Select(c => $"{c.Name}: {c.Reason}"));
    }

    private static string Number(int model) => (model + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
