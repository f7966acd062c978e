using Baton.Client;

namespace Baton.Handover;

/// <summary>Waits for the verification of candidates and tells what they are at.</summary>
internal static class Candidates
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits until all are over; their evidence comes with them, in the order given.</summary>
    /// <param name="client">Server.</param>
    /// <param name="verifications">Verifications to wait for.</param>
    /// <param name="progress">Told what they are at, in one line.</param>
    /// <param name="cancel">Stops the waiting.</param>
    public static async Task<IReadOnlyList<VerificationRecord>> WaitAsync(
        BatonClient client, IReadOnlyList<VerificationRecord> verifications, Action<string> progress, CancellationToken cancel)
    {
        var seen = verifications.ToArray();
        var tasks = seen.Select((v, i) => client.WaitForVerificationAsync(v.Id, now =>
        {
            lock (seen)
            {
                seen[i] = now;
                progress(string.Join("; ", seen.OrderBy(s => s.Version.Length).ThenBy(s => s.Version, StringComparer.Ordinal).Select(At)));
            }
        }, cancel));
        return await Task.WhenAll(tasks);
    }

    /// <summary>Waits for all candidates of a handoff, in the order of their versions.</summary>
    public static async Task<IReadOnlyList<VerificationRecord>> WaitAsync(
        BatonClient client, HandoffRecord handoff, Action<string> progress, CancellationToken cancel)
    {
        progress("waiting for the verifications to begin");
        while (true)
        {
            // Verifications follow a handoff by an event, so that they may not be there at once.
            var verifications = await client.ListVerificationsAsync(handoff: handoff.Id, cancel: cancel);
            var newest = verifications.GroupBy(v => v.Version).ToDictionary(g => g.Key, g => g.First());
            if (handoff.Versions.All(newest.ContainsKey))
                return await WaitAsync(client, [.. handoff.Versions.Select(v => newest[v])], progress, cancel);
            await Task.Delay(LookEvery, cancel);
        }
    }

    /// <summary>What one is at: <c>version 2 fail</c>.</summary>
    public static string At(VerificationRecord verification) => verification switch
    {
        { State: VerificationState.Finished, Verdict: { } verdict } => $"version {verification.Version} {Terminal.Words.Of(verdict)}",
        { State: VerificationState.Running, Progress: { Length: > 0 } progress } => $"version {verification.Version} {progress}",
        _ => $"version {verification.Version} {Terminal.Words.Of(verification.State)}",
    };
}
