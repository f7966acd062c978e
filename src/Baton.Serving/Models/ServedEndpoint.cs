namespace Baton.Serving.Models;

/// <summary>An endpoint at one moment.</summary>
/// <param name="Serving">Versions with a loaded model; the first answers where none is asked for.</param>
/// <param name="Waiting">Versions that load or failed to. Never empty where <paramref name="Serving"/> is.</param>
internal sealed record ServedEndpoint(ServedModel[] Serving, ServedModel[] Waiting)
{
    /// <summary>The endpoint as wished, with what served before in the place of what is not loaded.</summary>
    /// <param name="wanted">The versions wished for, at least one.</param>
    /// <param name="old">What served until now.</param>
    public static ServedEndpoint Of(IReadOnlyList<ServedModel> wanted, IReadOnlyList<ServedModel> old)
    {
        var serving = new List<ServedModel>();
        foreach (var model in wanted)
        {
            if ((model.Slot is not null ? model : old.FirstOrDefault(o => o.Version.Arm == model.Version.Arm)) is { } answering
                && serving.All(s => s.Slot != answering.Slot))
                serving.Add(answering);
        }

        return new ServedEndpoint(serving.Count > 0 ? [.. serving] : [.. old], [.. wanted.Where(m => m.Slot is null)]);
    }
}
