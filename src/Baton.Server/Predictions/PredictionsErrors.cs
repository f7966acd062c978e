using Baton.Server.Platform.Errors;

namespace Baton.Server.Predictions;

internal static class PredictionsErrors
{
    public static Refusal NoEndpoint(string endpoint) => Refusal.NotFound(
        $"There is no endpoint '{endpoint}': nothing was deployed to it and no predictions came for it. `baton deploy` makes one.");

    public static Refusal NoPrediction(string endpoint, string id) => Refusal.NotFound(
        $"Endpoint '{endpoint}' has no prediction '{id}'. Predictions appear a few seconds after they were answered; where only a share is logged, it may be one of the others.");

    public static Refusal OtherFile(string endpoint, LogFile there, string digest, string day) => new(
        ProblemCode.Conflict,
        $"Prediction file '{there.Id}' of endpoint '{endpoint}' is {there.Digest} of {there.Day}; what came under the same id is {digest} of {day}. Give each file an id of its own.");

    public static Refusal OtherLabels(IReadOnlyList<(Label Stands, string Given)> conflicts)
    {
        var faults = conflicts.Select(c => new Fault(
            $"{c.Stands.PredictionId}, revision {c.Stands.Revision}",
            $"It is '{c.Stands.Value}'; '{c.Given}' was sent. Send a correction under the next revision.")).ToList();
        var (stands, given) = conflicts[0];
        return new Refusal(
            ProblemCode.Conflict,
            $"The label of prediction '{stands.PredictionId}', revision {stands.Revision}, is '{stands.Value}'; '{given}' was sent, and nothing was stored. Send a correction under the next revision.",
            faults);
    }

    public static Refusal BadFile(string id, string what) => Refusal.Invalid($"Prediction file '{id}' is refused: {what}");

    public static Refusal TooBroad(string what) => Refusal.Invalid(what);
}
