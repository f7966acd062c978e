namespace Baton.Server.Platform.Search;

/// <summary>One item of an order.</summary>
internal sealed record Ordering(Field Field, bool Descending);
