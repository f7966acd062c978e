using System.Xml.Linq;
using Baton.Testing;
using Xunit;

namespace Baton.UnitTests.Architecture;

/// <summary>Which project may see which, and who alone may see a package: the walls of ARCHITECTURE.md, read from the project files.</summary>
public sealed class ProjectWallsTests
{
    private static readonly Dictionary<string, string[]> MaySee = new()
    {
        ["Baton"] = ["Baton.Client", "Baton.Contracts", "Baton.Database", "Baton.Inference", "Baton.Server", "Baton.Serving", "Baton.Verification"],
        ["Baton.Server"] = ["Baton.Contracts", "Baton.Database", "Baton.Statistics", "Baton.Storage"],
        ["Baton.Serving"] = ["Baton.Client", "Baton.Contracts", "Baton.Inference", "Baton.Storage"],
        ["Baton.Verification"] = ["Baton.Client", "Baton.Contracts", "Baton.Inference", "Baton.Statistics", "Baton.Storage"],
        ["Baton.Client"] = ["Baton.Contracts"],
        ["Baton.Contracts"] = [],
        ["Baton.Database"] = [],
        ["Baton.Inference"] = [],
        ["Baton.Statistics"] = [],
        ["Baton.Storage"] = [],
    };

    private static readonly Dictionary<string, string[]> HomesOf = new()
    {
        ["Dapper"] = ["Baton.Database"],
        ["Microsoft.Data.Sqlite"] = ["Baton.Database"],
        ["Npgsql"] = ["Baton.Database"],
        ["Google.Protobuf"] = ["Baton.Inference"],
        ["Grpc.Tools"] = ["Baton.Inference"],
        ["Microsoft.ML.OnnxRuntime"] = ["Baton.Inference"],
        ["System.Numerics.Tensors"] = ["Baton.Inference"],
        ["DuckDB.NET.Data.Full"] = ["Baton.Storage"],
        ["Parquet.Net"] = ["Baton.Storage"],
        ["System.IO.Hashing"] = ["Baton.Storage"],
        ["YamlDotNet"] = ["Baton.Contracts", "Baton.Verification", "Baton"],
        ["Spectre.Console"] = ["Baton"],
        ["System.CommandLine"] = ["Baton"],
        ["OpenTelemetry.Exporter.Prometheus.AspNetCore"] = ["Baton.Server", "Baton.Serving"],
        ["OpenTelemetry.Extensions.Hosting"] = ["Baton.Server", "Baton.Serving"],
        ["OpenTelemetry.Instrumentation.AspNetCore"] = ["Baton.Server"],
        ["OpenTelemetry.Instrumentation.Runtime"] = ["Baton.Server", "Baton.Serving"],
    };

    // What these bring is at home in one layer; their packages must not become visible to the projects above.
    private static readonly string[] Walls = ["Baton.Contracts", "Baton.Database", "Baton.Inference", "Baton.Storage", "Baton.Verification"];

    public static TheoryData<string> Projects => [.. ProjectFiles().Select(path => Path.GetFileNameWithoutExtension(path))];

    [Fact]
    public void The_table_knows_every_project() => Assert.Equal(MaySee.Keys.Order(), ProjectFiles().Select(path => Path.GetFileNameWithoutExtension(path)!).Order());

    [Theory, MemberData(nameof(Projects))]
    public void A_project_sees_only_what_the_table_allows(string project)
    {
        var seen = Items(project, "ProjectReference").Select(item => Path.GetFileNameWithoutExtension(Include(item).Replace('\\', '/')));

        var forbidden = seen.Except(MaySee[project]).ToList();
        Assert.True(forbidden.Count == 0, $"{project} may not see {string.Join(", ", forbidden)}; allowed: {string.Join(", ", MaySee[project])}.");
    }

    [Theory, MemberData(nameof(Projects))]
    public void A_package_is_referenced_only_where_it_is_at_home(string project)
    {
        foreach (var item in Items(project, "PackageReference"))
        {
            var package = Include(item);
            Assert.True(HomesOf.TryGetValue(package, out var homes), $"{project} references {package}, which the table of homes does not know: decide who may see it.");
            Assert.True(homes.Contains(project), $"{project} references {package}, which only {string.Join(", ", homes)} may see.");
        }
    }

    [Theory, MemberData(nameof(Projects))]
    public void The_packages_of_a_wall_do_not_reach_the_projects_above(string project)
    {
        foreach (var item in Items(project, "PackageReference").Where(_ => Walls.Contains(project)))
            Assert.True(
                ((string?)item.Attribute("PrivateAssets") ?? "").Split(';').Any(kept => kept is "compile" or "all"),
                $"{project} must reference {Include(item)} with PrivateAssets=\"compile\", or every project above could call it.");
    }

    [Fact]
    public void References_are_not_passed_on() => Assert.Contains(
        "<DisableTransitiveProjectReferences>true</DisableTransitiveProjectReferences>", File.ReadAllText(Path.Combine(Repository.Root, "Directory.Build.props")));

    [Theory]
    [InlineData("Baton.Contracts")]
    [InlineData("Baton.Statistics")]
    [InlineData("Baton.Server")]
    public void Pure_projects_and_the_server_touch_no_files(string project) =>
        Assert.DoesNotContain("BatonTouchesFiles", File.ReadAllText(Path.Combine(Repository.Root, "src", project, project + ".csproj")));

    private static IEnumerable<string> ProjectFiles() => Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories);

    private static IEnumerable<XElement> Items(string project, string kind) =>
        XDocument.Load(Path.Combine(Repository.Root, "src", project, project + ".csproj")).Descendants(kind);

    private static string Include(XElement item) => (string)item.Attribute("Include")!;
}
