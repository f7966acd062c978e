using System.Net;
using System.Net.Sockets;

namespace Baton.Server.Platform.Webhooks;

/// <summary>
/// Tells addresses of the public Internet from all others: this machine, private networks, link-local ones with a cloud's metadata service, and
/// those reserved for other ends. An IPv4 address inside an IPv6 one counts as itself.
/// </summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] NotPublic =
    [
        .. ((ReadOnlySpan<string>)
        [
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        ]).ToArray().Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork GlobalV6 = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return IsPublic(address.MapToIPv4());
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            if (Translated.Contains(address))
                return IsPublic(new IPAddress(address.GetAddressBytes().AsSpan(12)));
            if (!GlobalV6.Contains(address))
                return false;
        }

        return !NotPublic.Any(n => n.Contains(address));
    }
}
