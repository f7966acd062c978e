using Baton.Contracts;
using Baton.Inference;
using Baton.Verification.Reference;

namespace Baton.Verification;

/// <summary>A candidate whose model ran on all reference rows.</summary>
/// <param name="ModelPath">The model file.</param>
/// <param name="Model">What it tells of itself.</param>
/// <param name="Roles">Which output is what.</param>
/// <param name="Rows">The reference rows.</param>
/// <param name="Answers">What the model answered to them.</param>
internal sealed record Candidate(string ModelPath, ModelDescription Model, InterfaceClaim Roles, ReferenceRows Rows, Answers Answers);
