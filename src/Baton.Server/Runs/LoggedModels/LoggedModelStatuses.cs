using System.Globalization;
using Baton.Server.Platform.Errors;

namespace Baton.Server.Runs.LoggedModels;

/// <summary>A logged model's status by MLflow's names; requests may give the number instead.</summary>
internal static class LoggedModelStatuses
{
    private static readonly string[] Names =
        ["LOGGED_MODEL_STATUS_UNSPECIFIED", "LOGGED_MODEL_PENDING", "LOGGED_MODEL_READY", "LOGGED_MODEL_UPLOAD_FAILED"];

    public static string NameOf(LoggedModelStatus status) => Names[(int)status];

    public static LoggedModelStatus Parse(string text)
    {
        var place = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : Array.IndexOf(Names, text);
        return place >= 0 && place < Names.Length
            ? (LoggedModelStatus)place
            : throw Refusal.Invalid($"Invalid model status: \"{text}\". Expected statuses: {string.Join(", ", Names)} (or 0 to {Names.Length - 1}).");
    }
}
