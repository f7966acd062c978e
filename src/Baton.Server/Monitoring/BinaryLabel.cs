using System.Globalization;

namespace Baton.Server.Monitoring;

/// <summary>Labels as numbers. On the wire a label is text, as a client's JSON or CSV wrote it: <c>1</c>, <c>1.0</c> and <c>True</c> all say yes.</summary>
internal static class BinaryLabel
{
    /// <summary>1 for a positive label, 0 for a negative one; null for what is neither.</summary>
    public static double? Read(string label) => label switch
    {
        "1" => 1,
        "0" => 0,
        _ when label.Equals("true", StringComparison.OrdinalIgnoreCase) => 1,
        _ when label.Equals("false", StringComparison.OrdinalIgnoreCase) => 0,
        _ when double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is 0 or 1 => number,
        _ => null,
    };
}
