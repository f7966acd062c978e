namespace Baton.Server.Platform.Search;

/// <summary>How a field is compared.</summary>
internal enum Comparator
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Like,
    NotLike,
    ILike,
    NotILike,
    In,
    NotIn,
    Between,
    NotBetween,
    IsNull,
    IsNotNull,
}
