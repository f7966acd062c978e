using System.Security.Cryptography;

namespace Baton.Server.Runs;

/// <summary>Names for runs and models that come without one: an adjective, a noun and a number, of at most 20 characters.</summary>
internal static class RunName
{
    private static readonly string[] Adjectives =
    [
        "able", "amber", "brave", "brisk", "calm", "clear", "clever", "coral", "crisp", "daring", "dapper", "eager", "early", "fair", "fleet", "fond",
        "gentle", "glad", "golden", "grand", "hardy", "honest", "jolly", "keen", "kind", "lively", "lucid", "lunar", "mellow", "merry", "mighty", "modest",
        "neat", "nimble", "noble", "patient", "placid", "polite", "proud", "quick", "quiet", "rapid", "ready", "robust", "rustic", "salty", "serene",
        "sharp", "silent", "silver", "sleek", "smart", "solid", "spry", "stellar", "sunny", "swift", "tidy", "upbeat", "valiant", "vivid", "warm", "wise", "witty",
    ];

    private static readonly string[] Nouns =
    [
        "ant", "badger", "bass", "bear", "bee", "bison", "calf", "carp", "cat", "chimp", "cod", "colt", "conch", "cow", "crab", "crane", "crow", "cub",
        "deer", "doe", "dog", "dove", "duck", "eel", "elk", "falcon", "fawn", "finch", "fish", "fox", "frog", "gnat", "goat", "goose", "grouse", "gull",
        "hare", "hawk", "hen", "heron", "horse", "hound", "jay", "kite", "koala", "lamb", "lark", "loon", "lynx", "mare", "mink", "mole", "moose", "moth",
        "mouse", "mule", "newt", "otter", "owl", "panda", "perch", "pig", "quail", "ram", "rat", "raven", "robin", "seal", "shad", "shark", "sheep", "shrew",
        "skunk", "slug", "snail", "snipe", "sow", "squid", "stag", "stork", "swan", "tern", "toad", "trout", "vole", "wasp", "whale", "wolf", "worm", "wren", "yak",
    ];

    public static string Next() => $"{Adjectives[RandomNumberGenerator.GetInt32(Adjectives.Length)]}-{Nouns[RandomNumberGenerator.GetInt32(Nouns.Length)]}-{RandomNumberGenerator.GetInt32(1000)}";
}
