using System.Text.Json;

namespace Baton.Contracts.Reports;

/// <summary>Words of enums as JSON documents have them: <c>not_run</c>, <c>re_executed</c>.</summary>
internal static class JsonNames
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
