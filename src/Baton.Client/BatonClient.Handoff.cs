using System.Text;
using Baton.Contracts;

namespace Baton.Client;

public sealed partial class BatonClient
{
    /// <summary>Proposes a contract for a model; the same text again changes nothing.</summary>
    /// <param name="model">Registered model.</param>
    /// <param name="yaml">The contract's text.</param>
    /// <param name="cancel">Stops the call.</param>
    public Task<ContractRecord> ProposeContractAsync(string model, string yaml, CancellationToken cancel = default) =>
        AskAsync<ContractRecord>(HttpMethod.Put, $"{Model(model)}/contract", new StringContent(yaml, Encoding.UTF8, "application/yaml"), cancel);

    /// <summary>The contract of a digest; without one the contract in force, else the newest proposal. Null where there is none.</summary>
    public async Task<ContractRecord?> FindContractAsync(string model, string? digest = null, CancellationToken cancel = default)
    {
        try
        {
            return await GetAsync<ContractRecord>(Query($"{Model(model)}/contract", ("digest", digest)), cancel).ConfigureAwait(false);
        }
        catch (BatonApiException e) when (IsMissing(e))
        {
            return null;
        }
    }

    /// <summary>All contracts of a model, newest first.</summary>
    public async Task<IReadOnlyList<ContractRecord>> ListContractsAsync(string model, CancellationToken cancel = default) =>
        (await GetAsync<ContractListing>($"{Model(model)}/contracts", cancel).ConfigureAwait(false)).Contracts;

    /// <summary>Signs a contract for one side; signed by both it is in force.</summary>
    /// <param name="model">Registered model.</param>
    /// <param name="digest">Digest of the contract.</param>
    /// <param name="side">Side.</param>
    /// <param name="cancel">Stops the call.</param>
    public Task<ContractRecord> SignContractAsync(string model, string digest, ContractSide side, CancellationToken cancel = default) =>
        PostAsync<ContractRecord>($"{Model(model)}/contract/signatures", new { digest, side }, cancel);

    /// <summary>Puts the claims of a version: checked against its package; the reference predictions are sealed.</summary>
    public Task<ClaimsRecord> PutClaimsAsync(string model, string version, Claims claims, CancellationToken cancel = default) =>
        AskAsync<ClaimsRecord>(
            HttpMethod.Put, $"{Version(model, version)}/claims", new StringContent(Documents.Write(claims), Encoding.UTF8, "application/json"), cancel);

    /// <summary>The claims of a version; null where there are none.</summary>
    public async Task<ClaimsRecord?> FindClaimsAsync(string model, string version, CancellationToken cancel = default)
    {
        try
        {
            return await GetAsync<ClaimsRecord>($"{Version(model, version)}/claims", cancel).ConfigureAwait(false);
        }
        catch (BatonApiException e) when (IsMissing(e))
        {
            return null;
        }
    }

    /// <summary>Hands candidates over under the contract in force; each is verified.</summary>
    public Task<HandoffRecord> SubmitHandoffAsync(
        string model, IReadOnlyList<string> versions, string? note = null, CancellationToken cancel = default) =>
        PostAsync<HandoffRecord>("api/v1/handoffs", new { model, versions, note }, cancel);

    /// <summary>A handoff.</summary>
    public Task<HandoffRecord> GetHandoffAsync(string id, CancellationToken cancel = default) =>
        GetAsync<HandoffRecord>($"api/v1/handoffs/{Escape(id)}", cancel);

    /// <summary>Handoffs of a model, newest first.</summary>
    public async Task<IReadOnlyList<HandoffRecord>> ListHandoffsAsync(string? model = null, CancellationToken cancel = default) =>
        (await GetAsync<HandoffListing>(Query("api/v1/handoffs", ("model", model)), cancel).ConfigureAwait(false)).Handoffs;

    private static string Model(string model) => $"api/v1/models/{Escape(model)}";

    private static string Version(string model, string version) => $"{Model(model)}/versions/{Escape(version)}";

    private sealed record ContractListing(IReadOnlyList<ContractRecord> Contracts);

    private sealed record HandoffListing(IReadOnlyList<HandoffRecord> Handoffs);
}
