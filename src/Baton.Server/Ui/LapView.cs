namespace Baton.Server.Ui;

/// <summary>Hands a version's lap from a page to its parts: components are public, what they show is not.</summary>
public sealed class LapView
{
    internal LapView(VersionLap lap) => Lap = lap;

    internal VersionLap Lap { get; }
}
