using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Baton.Server.Platform.Access;
using Baton.Server.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Baton.Server.Ui;

/// <summary>Scripts, styles and pictures of the pages, embedded in the assembly and served under names that hold their content's hash.</summary>
internal static class UiAssets
{
    private const string Prefix = "ui/";
    private const string Route = "/ui/";

    // In this order: a file is hashed after those it imports.
    private static readonly string[] Names = ["favicon.svg", "uplot.css", "baton.css", "uplot.js", "baton-chart.js", "mlflow-links.js"];

    private static readonly FrozenDictionary<string, string> TypeOf = new Dictionary<string, string>
    {
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary();

    private static readonly (FrozenDictionary<string, string> Hashed, FrozenDictionary<string, byte[]> Bytes) Loaded = Load();

    /// <summary>Path of an asset, e.g. <c>/ui/baton.1f2e3d4c5b6a.css</c>.</summary>
    /// <exception cref="KeyNotFoundException">There is no such asset.</exception>
    public static string PathOf(string name) => Route + Loaded.Hashed[name];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapRoute(Route + "{file}", ["GET"], (string file, HttpContext context) =>
    {
        if (!Loaded.Bytes.TryGetValue(file, out var bytes))
            throw Platform.Errors.Refusal.NotFound($"There is no asset '{file}'.");
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return Results.Bytes(bytes, TypeOf[Path.GetExtension(file)]);
    }).Requires(Permission.Anyone);

    private static (FrozenDictionary<string, string>, FrozenDictionary<string, byte[]>) Load()
    {
        var hashed = new Dictionary<string, string>();
        var bytes = new Dictionary<string, byte[]>();
        foreach (var name in Names)
        {
            var text = Read(name);
            // uPlot's small build is a plain script that sets a variable; as a module it exports it.
            if (name == "uplot.js")
                text += "\nexport default uPlot;\n";
            text = hashed.Aggregate(text, (current, asset) => current.Replace($"\"./{asset.Key}\"", $"\"./{asset.Value}\"", StringComparison.Ordinal));
            var content = Encoding.UTF8.GetBytes(text);
            hashed[name] = $"{Path.GetFileNameWithoutExtension(name)}.{Convert.ToHexStringLower(SHA256.HashData(content))[..12]}{Path.GetExtension(name)}";
            bytes[hashed[name]] = content;
        }

        return (hashed.ToFrozenDictionary(), bytes.ToFrozenDictionary());
    }

    private static string Read(string name)
    {
        using var stream = typeof(UiAssets).Assembly.GetManifestResourceStream(Prefix + name)
            ?? throw new InvalidOperationException($"The asset {name} is not embedded: Baton.Server.csproj names what is.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
