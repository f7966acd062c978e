using System.Globalization;
using Baton.Contracts;
using Baton.Server.Platform.Ids;
using Microsoft.AspNetCore.Http;

namespace Baton.Server.Deployments;

/// <summary>A deployment on the wire.</summary>
internal sealed record DeploymentView(
    string Id,
    string Endpoint,
    string Model,
    string Version,
    string PackageDigest,
    bool Verified,
    string? Previous,
    string Kind,
    string? Reason,
    DateTimeOffset At,
    string Actor)
{
    public static DeploymentView Of(Deployment d) => new(
        d.Id,
        d.Endpoint,
        d.Model,
        d.Version.ToString(CultureInfo.InvariantCulture),
        d.PackageDigest,
        d.Verified,
        d.Previous?.ToString(CultureInfo.InvariantCulture),
        d.Kind,
        d.Reason,
        Instants.FromMicros(d.At),
        d.Actor);

    public static IResult Answer(Deployment deployment) => Results.Json(Of(deployment), Documents.Compact);
}
