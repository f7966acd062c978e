using Baton.Contracts;

namespace Baton.Verification.Clauses.Training;

/// <summary>The contract's clauses on data, and the standing check of the datasets.</summary>
internal static class DatasetClauses
{
    /// <summary>Measures them.</summary>
    public static async Task MeasureAsync(VerificationSession session, Findings findings, CancellationToken cancellation)
    {
        var (contract, claims) = (session.Input.Contract, session.Input.Claims);
        IReadOnlyList<HandedDataset> datasets = [];
        await findings.AddAsync(StandingChecks.Datasets, async () =>
        {
            session.Report(StandingChecks.Datasets, "reading the datasets", 0.62);
            datasets = await HandedDataset.ReadAllAsync(session.Input, cancellation);
            return DatasetsCheck.Judge(claims, datasets, session.Rows, session.RowsFault);
        });
        if (contract.Data is not { } data)
            return;
        string Demand(string name) => Found.Demand(contract, name);
        if (data.MinRows is { } rows)
            await findings.AddAsync("data.rows", () => Rows(rows, Demand("data.rows"), session));
        if (data.Unavailable.Count > 0)
            await findings.AddAsync("data.unavailable", () => InputsCheck.Judge("data.unavailable", Demand("data.unavailable"), data.Unavailable, "is not known yet when a prediction is made", session.Package));
        if (data.Sensitive.Count > 0)
            await findings.AddAsync("data.sensitive", () => InputsCheck.Judge("data.sensitive", Demand("data.sensitive"), data.Sensitive, "the contract calls sensitive", session.Package));
        if (data.Key is not null || data.Time is not null)
        {
            var training = await TrainingRows.ReadAsync(datasets, cancellation);
            if (data.Key is { } key)
                await findings.AddAsync("data.overlap", () => WithRows("data.overlap", Demand("data.overlap"), session, test => SplitCheck.Overlap(Demand("data.overlap"), key, test, training, session.Package.Description?.Inputs)));
            if (data.Time is { } time)
                await findings.AddAsync("data.time_order", () => WithRows("data.time_order", Demand("data.time_order"), session, test => SplitCheck.TimeOrder(Demand("data.time_order"), time, test, training)));
        }

        if (data.Holdout is { } holdout)
            await findings.AddAsync(HoldoutCheck.Name, () => HoldoutCheck.MeasureAsync(holdout, session, cancellation));
    }

    private static ClauseResult Rows(int demanded, string words, VerificationSession session) => WithRows("data.rows", words, session, rows =>
        Found.Unmeasured("data.rows", words, EvidenceLevel.Replayed, rows.Count >= demanded ? Verdict.Pass : Verdict.Fail, rows.Count >= demanded
            ? $"There are {Phrases.Number(rows.Count)} test rows; {Phrases.Number(demanded)} are demanded."
            : $"There are only {Phrases.Number(rows.Count)} test rows, and {Phrases.Number(demanded)} are demanded. Hand over more.") with
        {
            Unit = "rows",
            Measured = rows.Count,
            Bound = new Bound(Min: demanded),
        });

    private static ClauseResult WithRows(string name, string words, VerificationSession session, Func<Reference.ReferenceRows, ClauseResult> judge) => session.Rows is { } rows
        ? judge(rows)
        : Found.Unmeasured(name, words, EvidenceLevel.Replayed, session.RowsFault is null ? Verdict.NotRun : Verdict.Fail, session.RowsFault
            ?? "The claims name no reference predictions, so there are no test rows. Hand them over.");
}
