using Baton.Database;
using Baton.Server.Handoff;
using Baton.Server.Promotion;
using Baton.Server.Registry;

namespace Baton.Server.Deployments;

/// <summary>
/// What stands between a version and traffic: a version in staging or production has passed its gate; a version of a model without a contract in force
/// has none to pass. Any other would reach traffic by the back door.
/// </summary>
internal sealed class EndpointGate(HandoffStore handoffs, Gate gate)
{
    public async Task<GateAnswer> ExamineAsync(Session sql, string project, ModelVersion version)
    {
        if (version.Stage is Stages.Staging or Stages.Production || await handoffs.FindInForceAsync(sql, project, version.Name) is null)
            return GateAnswer.Ungated;
        var production = await gate.ExamineAsync(sql, project, version, Stages.Production);
        return production with
        {
            Open = false,
            Word = "refused",
            Reasons = [$"it is in stage {version.Stage.ToLowerInvariant()}, and under a contract only what is in staging or production serves: promote it first.", .. production.Reasons],
        };
    }
}
