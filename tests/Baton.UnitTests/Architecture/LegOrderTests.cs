using Xunit;

namespace Baton.UnitTests.Architecture;

/// <summary>The lap runs one way: a leg of the server may use earlier legs and Platform; Platform uses no leg; Lineage and Ui stand above.</summary>
public sealed class LegOrderTests
{
    private const string Server = "Baton.Server";

    private static readonly string[] Order =
    [
        "Platform", "Runs", "Artifacts", "Registry", "Handoff", "Verification", "Promotion", "Deployments", "Predictions", "Monitoring", "Labelling",
        "Lineage", "Imports", "Ui",
    ];

    private static readonly string[] Above = ["Lineage", "Imports", "Ui"];

    private static readonly Lazy<IReadOnlySet<(string User, string Used)>> Uses = new(() =>
    {
        using var uses = new TypeUses(Path.Combine(AppContext.BaseDirectory, Server + ".dll"));
        return uses.All();
    });

    [Fact]
    public void A_leg_uses_only_earlier_legs_and_Platform() => Report(
        from use in Uses.Value
        let user = Array.IndexOf(Order, RoomOf(use.User))
        let used = Array.IndexOf(Order, RoomOf(use.Used))
        where user >= 0 && used > user
        select $"{use.User} uses {use.Used}: {Order[user]} comes before {Order[used]} and may not know it. The only way back is an event, after commit.");

    // The composition root sees every leg, so what could reach it from below would see every leg too.
    [Fact]
    public void Nothing_below_uses_the_composition_root() => Report(
        from use in Uses.Value
        where RoomOf(use.User) is { } room && Order.Contains(room) && RoomOf(use.Used) is null && SeesALeg(use.Used)
        select $"{use.User} uses {use.Used}, which puts the legs together and stands above them all.");

    [Fact]
    public void Every_folder_of_the_server_has_a_place_in_the_order() => Report(
        from type in Uses.Value.Select(use => use.User).Distinct()
        where RoomOf(type) is { } room && !Order.Contains(room)
        select $"{type} is in {Server}.{RoomOf(type)}, which is no leg: known are {string.Join(", ", Order)}.");

    [Fact]
    public void Lineage_and_Ui_call_verbs_and_never_stores() => Report(
        from use in Uses.Value
        where Above.Contains(RoomOf(use.User)) && RoomOf(use.Used) is { } room && !Above.Contains(room) && use.Used.EndsWith("Store", StringComparison.Ordinal)
        select $"{use.User} uses {use.Used}: {RoomOf(use.User)} calls the legs' verbs, never their stores.");

    [Fact]
    public void The_legs_were_there_to_be_looked_at() => Assert.Superset(
        new HashSet<string?> { "Platform", "Runs", "Artifacts", "Registry", "Handoff", "Verification", "Promotion", "Deployments", "Predictions", "Monitoring" },
        Uses.Value.Select(use => RoomOf(use.User)).ToHashSet());

    private static bool SeesALeg(string type) => Uses.Value.Any(use => use.User == type && RoomOf(use.Used) is { } room && room != Order[0]);

    // The first part of the namespace below the server's own; null for the root and for what the compiler adds outside.
    private static string? RoomOf(string type)
    {
        var parts = type.Split('.');
        return parts.Length > 3 && type.StartsWith(Server + ".", StringComparison.Ordinal) ? parts[2] : null;
    }

    private static void Report(IEnumerable<string> faults)
    {
        var all = faults.Order().ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }
}
