using System.Text.RegularExpressions;
using Baton.Testing;
using Xunit;

namespace Baton.UnitTests.Architecture;

public sealed partial class SourceRulesTests
{
    private const int LongestFile = 500;

    // Words that say nothing in any name, and words that say nothing alone (MLflow's RunInfo is a word of its own).
    private static readonly string[] NeverInside = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Misc"];
    private static readonly string[] NeverAlone = ["Common", "Core", "Shared", "Data", "Info"];

    [Fact]
    public void No_source_file_is_longer_than_500_lines()
    {
        var tooLong = Sources().Select(path => (path, Lines: File.ReadLines(path).Count())).Where(file => file.Lines > LongestFile);

        Report(tooLong.Select(file => $"{Shown(file.path)} has {file.Lines} lines; split it by aspect (at most {LongestFile})."));
    }

    [Fact]
    public void A_namespace_is_its_folder() => Report(
        from path in Sources()
        let declared = NamespaceDeclaration().Match(File.ReadAllText(path))
        let expected = Path.GetDirectoryName(Path.GetRelativePath(Path.Combine(Repository.Root, "src"), path))!.Replace(Path.DirectorySeparatorChar, '.')
        where declared.Success && declared.Groups[1].Value != expected
        select $"{Shown(path)} declares namespace {declared.Groups[1].Value}; its folder says {expected}.");

    [Fact]
    public void No_type_or_folder_has_a_name_that_says_nothing()
    {
        var types = from path in Sources()
                    from Match declared in TypeDeclaration().Matches(File.ReadAllText(path))
                    select (path, name: declared.Groups["name"].Value);
        var folders = from path in Sources()
                      let folder = Path.GetDirectoryName(path)!
                      from part in Path.GetFileName(folder).Split('.')
                      select (path: folder, name: part);

        Report(types.Concat(folders).Distinct().Where(named => SaysNothing(named.name)).Select(named => $"{Shown(named.path)}: the name {named.name} says nothing; say what it does."));
    }

    [Theory]
    [InlineData("JobManager", true)]
    [InlineData("HelperMethods", true)]
    [InlineData("Utils", true)]
    [InlineData("Data", true)]
    [InlineData("RunInfo", false)]
    [InlineData("Utilisation", false)]
    public void The_rule_of_names_tells_words_apart(string name, bool expected) => Assert.Equal(expected, SaysNothing(name));

    private static bool SaysNothing(string name) => NeverAlone.Contains(name) || Word().Matches(name).Any(word => NeverInside.Contains(word.Value));

    private static IEnumerable<string> Sources() => Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin" or "node_modules"));

    private static string Shown(string path) => Path.GetRelativePath(Repository.Root, path);

    private static void Report(IEnumerable<string> faults)
    {
        var all = faults.ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceDeclaration();

    [GeneratedRegex(@"^\s*(?:\w+\s+)*(?:class|record|struct|interface|enum)\s+(?:class\s+|struct\s+)?(?<name>[A-Z]\w*)", RegexOptions.Multiline)]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex("[A-Z][a-z0-9]*")]
    private static partial Regex Word();

    /// <summary>The analyzer reads additional files of this name only; another name would ban nothing, without a word.</summary>
    [Fact]
    public void Banned_symbols_are_read_by_the_analyzer()
    {
        var folder = Path.Combine(Repository.Root, "eng", "banned");
        var files = Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f)!).ToList();
        var props = File.ReadAllText(Path.Combine(Repository.Root, "Directory.Build.props"));
        Assert.Equal(3, files.Count);
        Assert.All(files, file =>
        {
            Assert.Matches(@"^BannedSymbols\..*\.txt$", file);
            Assert.Contains($"eng/banned/{file}", props, StringComparison.Ordinal);
        });
    }
}
