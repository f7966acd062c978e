namespace Baton.Server.Handoff;

/// <summary>Who must sign in a project.</summary>
internal sealed record HandoffPolicy
{
    /// <summary>How many people of the model side sign. <value>1.</value></summary>
    public int ModelSignatures { get; init; } = 1;

    /// <summary>How many people of the service side sign. <value>1.</value></summary>
    public int ServiceSignatures { get; init; } = 1;

    /// <summary>Who may sign for the model side, as the ledger names them; empty for anybody.</summary>
    public IReadOnlyList<string> ModelSigners { get; init; } = [];

    /// <summary>Who may sign for the service side, and so read its holdouts; empty for anybody who is no author.</summary>
    public IReadOnlyList<string> ServiceSigners { get; init; } = [];

    /// <summary>
    /// Whether one person may play both sides; the ledger then says so. <value>True: without authentication everybody at this machine is one person.</value>
    /// </summary>
    public bool Solo { get; init; } = true;

    /// <summary>How many signatures a side needs.</summary>
    public int Needs(string side) => side == Signature.ModelSide ? ModelSignatures : ServiceSignatures;

    /// <summary>Who may sign for a side; empty for anybody.</summary>
    public IReadOnlyList<string> Signers(string side) => side == Signature.ModelSide ? ModelSigners : ServiceSigners;
}
