namespace Baton.Verification.Clauses.Handover;

/// <summary>The contract's clauses on security.</summary>
internal static class SecurityClauses
{
    /// <summary>Measures them.</summary>
    public static async Task MeasureAsync(VerificationInput input, Package package, Findings findings, CancellationToken cancellation)
    {
        if (input.Contract.Security?.Pickle is not null)
            await findings.AddAsync(PickleCheck.Name, () => PickleCheck.Judge(input.Contract, input.PackageDirectory, package));
        if (input.Contract.Security?.SignedBy is { } key)
            await findings.AddAsync(SignatureCheck.Name, () => SignatureCheck.JudgeAsync(input.Contract, key, input.PackageDirectory, package, cancellation));
    }
}
