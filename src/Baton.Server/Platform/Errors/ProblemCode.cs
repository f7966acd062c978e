namespace Baton.Server.Platform.Errors;

/// <summary>
/// A kind of failure that a user can meet: one row gives its HTTP status, MLflow's error code and a title. <c>docs/errors.md</c> lists them all
/// and a test compares.
/// </summary>
internal sealed record ProblemCode(string Code, int Status, string MlflowCode, string Title)
{
    public static readonly ProblemCode InvalidRequest = new("invalid_request", 400, "INVALID_PARAMETER_VALUE", "The request does not fit");
    public static readonly ProblemCode AlreadyExists = new("already_exists", 400, "RESOURCE_ALREADY_EXISTS", "It exists already");
    public static readonly ProblemCode Duplicate = new("duplicate", 400, "BAD_REQUEST", "It would stand there twice");
    public static readonly ProblemCode NotFound = new("not_found", 404, "RESOURCE_DOES_NOT_EXIST", "There is no such thing");
    public static readonly ProblemCode NoRoute = new("no_route", 404, "ENDPOINT_NOT_FOUND", "There is no such route");
    public static readonly ProblemCode NotAuthenticated = new("not_authenticated", 401, "UNAUTHENTICATED", "The token is not known");
    public static readonly ProblemCode NotAllowed = new("not_allowed", 403, "PERMISSION_DENIED", "The actor may not do this");
    public static readonly ProblemCode CrossOrigin = new("cross_origin", 403, "PERMISSION_DENIED", "Cross-origin request blocked");
    public static readonly ProblemCode InvalidHost = new("invalid_host", 403, "PERMISSION_DENIED", "Invalid Host header");
    public static readonly ProblemCode TooLarge = new("too_large", 413, "INVALID_PARAMETER_VALUE", "It is larger than is allowed");
    public static readonly ProblemCode RangeNotSatisfiable = new("range_not_satisfiable", 416, "INVALID_PARAMETER_VALUE", "The range lies outside the file");
    public static readonly ProblemCode InvalidContract = new("invalid_contract", 400, "INVALID_PARAMETER_VALUE", "The contract does not parse");
    public static readonly ProblemCode InvalidClaims = new("invalid_claims", 400, "INVALID_PARAMETER_VALUE", "The claims do not fit the package");
    public static readonly ProblemCode Conflict = new("conflict", 409, "RESOURCE_CONFLICT", "Something else is there already");
    public static readonly ProblemCode NotReady = new("not_ready", 409, "INVALID_PARAMETER_VALUE", "Something must come first");
    public static readonly ProblemCode GateRefused = new("gate_refused", 409, "INVALID_PARAMETER_VALUE", "The gate refused");
    public static readonly ProblemCode StageMoved = new("stage_moved", 409, "INVALID_PARAMETER_VALUE", "The stage has moved meanwhile");
    public static readonly ProblemCode EndpointMoved = new("endpoint_moved", 409, "INVALID_PARAMETER_VALUE", "The endpoint has moved meanwhile");
    public static readonly ProblemCode InUse = new("in_use", 409, "INVALID_PARAMETER_VALUE", "It is in use");
    public static readonly ProblemCode StaleAttempt = new("stale_attempt", 409, "INVALID_PARAMETER_VALUE", "The job has gone on without this attempt");
    public static readonly ProblemCode BlobCorrupt = new("blob_corrupt", 500, "DATA_LOSS", "A stored file is corrupt");
    public static readonly ProblemCode NotImplemented = new("not_implemented", 501, "NOT_IMPLEMENTED", "Baton does not do this");
    public static readonly ProblemCode DatabaseUnavailable = new("database_unavailable", 503, "TEMPORARILY_UNAVAILABLE", "The database does not answer");
    public static readonly ProblemCode InternalError = new("internal_error", 500, "INTERNAL_ERROR", "A fault of Baton's own");

    /// <summary>Every code, for the table in the docs.</summary>
    public static IReadOnlyList<ProblemCode> All { get; } =
    [
        InvalidRequest, AlreadyExists, Duplicate, NotFound, NoRoute, NotAuthenticated, NotAllowed, CrossOrigin, InvalidHost, TooLarge, RangeNotSatisfiable,
        InvalidContract, InvalidClaims, Conflict, NotReady, GateRefused, StageMoved, EndpointMoved, InUse, StaleAttempt, BlobCorrupt, NotImplemented, DatabaseUnavailable, InternalError,
    ];
}
