namespace Baton.Serving.Log;

/// <summary>What all rows of one answer share.</summary>
/// <param name="Project">Project of the endpoint.</param>
/// <param name="Endpoint">Endpoint.</param>
/// <param name="Arm">Arm that answered.</param>
/// <param name="Version">Version that answered.</param>
/// <param name="ManifestDigest">Digest of its package.</param>
/// <param name="LoggedAt">When it was answered, µs since 1970, UTC.</param>
/// <param name="LatencyUs">Time that the answer took, µs.</param>
/// <param name="Propensity">Probability with which the arm was chosen.</param>
internal sealed record SpoolHead(
    string Project, string Endpoint, string Arm, string Version, string ManifestDigest, long LoggedAt, long LatencyUs, double Propensity);

/// <summary>One row of the prediction log, on its way to Parquet.</summary>
/// <param name="Head">What it shares with the rows of the same answer.</param>
/// <param name="PredictionId">Id.</param>
/// <param name="EventTime">When what was predicted happens, µs since 1970, UTC.</param>
/// <param name="Score">Score of the positive class; null where the model gives none.</param>
/// <param name="Inputs">JSON object: name to value of this row.</param>
/// <param name="Outputs">JSON object: name to value of this row.</param>
internal sealed record SpoolRow(SpoolHead Head, string PredictionId, long EventTime, double? Score, string Inputs, string Outputs);
