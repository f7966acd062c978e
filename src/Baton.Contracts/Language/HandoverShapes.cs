namespace Baton.Contracts.Language;

/// <summary>Shapes of the clauses on the package, its making, its safety, and its life afterwards.</summary>
internal static class HandoverShapes
{
    public static Shape<PackageClause> Package { get; } = new(
        () => new PackageClause(),
        Bounds.AtMost<PackageClause>("size", Kind.Size, p => p.MaxSize, (p, v) => p with { MaxSize = (long)v }, "50 MiB", "Size of all files.", Bounds.Above0("a size")),
        Bounds.AtMost<PackageClause>("parameters", Kind.Whole, p => p.MaxParameters, (p, v) => p with { MaxParameters = (long)v }, "2000000", "Learned values."),
        Bounds.AtMost<PackageClause>("opset", Kind.Count, p => p.MaxOpset, (p, v) => p with { MaxOpset = (int)v }, "21", "Version of the default ONNX operator set.", Bounds.Above0("an operator set's version")))
    { Check = Shape<PackageClause>.Bounded("size", "size: {max: 50 MiB}") };

    public static Shape<ProvenanceClause> Provenance { get; } = new(
        () => new ProvenanceClause(),
        new ListField<ProvenanceClause>("require", p => p.Require, (p, v) => p with { Require = v }, Tighter.Longer, "What the claims must name.") { Words = ProvenanceClause.Facts },
        new ListField<ProvenanceClause>("licences", p => p.Licences, (p, v) => p with { Licences = v }, Tighter.Neither, "SPDX ids of the licences that the model may stand under."))
    { Check = Shape<ProvenanceClause>.Bounded("require", "require: [commit, clean_tree]", "demand") };

    public static Shape<SecurityClause> Security { get; } = new(
        () => new SecurityClause(),
        new ValueField<SecurityClause>("pickle", Kind.Word([.. SecurityClause.Pickles]), s => s.Pickle, (s, v) => s with { Pickle = (string)v }, Tighter.Neither, "How pickles in the package are met."),
        new TextField<SecurityClause>("signed_by", s => s.SignedBy, (s, v) => s with { SignedBy = v }, "SHA-256 of the public key that must have signed the package: sha256:…"))
    {
        Check = (at, security) =>
        {
            Shape<SecurityClause>.Bounded("pickle", "pickle: forbidden", "demand")(at, security);
            if (security.SignedBy is { } key && !Digests.IsDigest(key))
                at.Fault("signed_by", "a key is named by its digest, 'sha256:' and 64 hex digits; `openssl pkey -pubin -in key.pub -outform DER | sha256sum` prints it");
        },
    };

    public static Shape<OperationsTerms> Operations { get; } = new(
        () => new OperationsTerms(),
        new TextField<OperationsTerms>("rollout", o => o.Rollout, (o, v) => o with { Rollout = v }, "How it is rolled out.", longest: 1000, lines: true, direction: Tighter.Words),
        Bounds.AtMost<OperationsTerms>("drift", Kind.Number, o => o.MaxDrift, (o, v) => o with { MaxDrift = (double)v }, "0.20", "Population stability index of inputs and predictions.", Bounds.NotBelow0("drift")),
        Bounds.AtLeast<OperationsTerms>("availability", Kind.Share, o => o.Availability, (o, v) => o with { Availability = (double)v }, "99.9 %", "Share of requests answered in time.", Bounds.OfAll("requests")),
        new ValueField<OperationsTerms>("window", Kind.Duration, o => o.Window, (o, v) => o with { Window = (TimeSpan)v }, Tighter.Neither, "Window of the availability.") { Refuse = Bounds.NoTime },
        Bounds.AtMost<OperationsTerms>("staleness", Kind.Duration, o => o.MaxAge, (o, v) => o with { MaxAge = (TimeSpan)v }, "90 d", "Age of a version in production.", Bounds.NoTime),
        new TextField<OperationsTerms>("fallback", o => o.Fallback, (o, v) => o with { Fallback = v }, "What answers when the model does not.", longest: 1000, lines: true, direction: Tighter.Words))
    { Check = Shape<OperationsTerms>.Bounded("staleness", "staleness: {max: 90 d}", "term") };
}
