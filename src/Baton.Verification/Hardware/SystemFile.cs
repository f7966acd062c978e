namespace Baton.Verification.Hardware;

/// <summary>Files in which the system tells about itself.</summary>
internal static class SystemFile
{
    /// <summary>The file's text; null where there is none, or it may not be read.</summary>
    public static string? Read(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
