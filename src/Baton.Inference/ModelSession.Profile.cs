using System.Reflection;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;

namespace Baton.Inference;

public sealed partial class ModelSession
{
    /// <summary>Loads a model, runs it once under the runtime's profiler, and tells which execution providers ran its operators.</summary>
    /// <param name="path">The model file.</param>
    /// <param name="inputs">One tensor for each input.</param>
    /// <exception cref="InvalidModelException">The runtime does not take the file.</exception>
    /// <exception cref="ModelInputException">The inputs are not the model's.</exception>
    /// <exception cref="ModelRunException">The model failed while it ran.</exception>
    public static RuntimeFacts Profile(string path, IReadOnlyList<Tensor> inputs)
    {
        var folder = Directory.CreateTempSubdirectory("baton-profile-");
        try
        {
            string written;
            using (var session = Load(path, Path.Combine(folder.FullName, "run")))
            {
                session.Run(inputs);
                written = session._session.EndProfiling();
            }

            return new RuntimeFacts(Build, ProvidersOf(File.ReadAllText(written)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Build =>
        $"{RuntimeName}, package {typeof(InferenceSession).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown"}, "
        + $"built with {string.Join(", ", OrtEnv.Instance().GetAvailableProviders())}";

    /// <summary>Reads a profile: a list of events in the format of Chrome's tracing, those of operators with <c>args.provider</c>.</summary>
    internal static IReadOnlyList<string> ProvidersOf(string profile)
    {
        using var events = JsonDocument.Parse(profile);
        return
        [
            .. events.RootElement.EnumerateArray()
                .Select(e => e.TryGetProperty("args", out var args) && args.ValueKind == JsonValueKind.Object && args.TryGetProperty("provider", out var provider) ? provider.GetString() : null)
                .Where(p => !string.IsNullOrEmpty(p)).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];
    }
}
