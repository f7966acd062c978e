namespace Baton.Server.Platform.Search;

/// <summary>How one kind of thing tests its fields.</summary>
internal interface IFieldSql
{
    /// <summary>A condition over the row at hand.</summary>
    string Test(Comparison comparison, SqlText sql);
}
