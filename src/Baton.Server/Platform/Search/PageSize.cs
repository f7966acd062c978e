using Baton.Server.Platform.Errors;
using Baton.Server.Platform.Http;

namespace Baton.Server.Platform.Search;

/// <summary>How many rows a page is to have: <c>max_results</c>.</summary>
internal static class PageSize
{
    /// <param name="request">The request.</param>
    /// <param name="absent">Where it says nothing.</param>
    /// <param name="most">The most that may be asked for.</param>
    /// <param name="least">The least that may be asked for.</param>
    public static long Of(MlflowRequest request, long absent, long most, long least = 1)
    {
        var asked = request.Integer("max_results") ?? absent;
        if (asked < least)
            throw Refusal.Invalid($"Invalid value {asked} for parameter 'max_results' supplied. It must be a positive integer{(least == 0 ? ", or 0" : "")}.");
        return asked <= most ? asked : throw Refusal.Invalid($"Invalid value {asked} for parameter 'max_results' supplied. It must be at most {most}.");
    }
}
