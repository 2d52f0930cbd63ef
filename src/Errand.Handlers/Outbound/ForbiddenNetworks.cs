using System.Net;
using System.Net.Sockets;

namespace Errand.Handlers;

/// <summary>
/// The addresses that no stranger's URL may reach: everything of the IANA special-purpose registries that is not the public internet, and
/// the one public address that a cloud uses for its own wire server.
/// </summary>
internal static class ForbiddenNetworks
{
    private static readonly IPNetwork[] V4 = Parse(
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
        "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32");

    private static readonly IPNetwork[] V6 = Parse(
        "::/96", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001::/23", "2001:db8::/32", "2620:4f:8000::/48", "3fff::/20", "5f00::/16",
        "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8");

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    public static bool Contain(IPAddress address)
    {
        var inner = Unwrap(address);
        if (inner.AddressFamily is AddressFamily.InterNetwork) return Array.Exists(V4, network => network.Contains(inner));
        // An address with a zone, such as fe80::1%2, is compared without it.
        var plain = new IPAddress(inner.GetAddressBytes());
        return Array.Exists(V6, network => network.Contains(plain));
    }

    /// <summary>The IPv4 address inside a mapped, NAT64 or 6to4 one: that is where a connection ends up.</summary>
    public static IPAddress Unwrap(IPAddress address)
    {
        if (address.AddressFamily is not AddressFamily.InterNetworkV6) return address;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        if (Nat64.Contains(address)) return new IPAddress(bytes.AsSpan(12, 4));
        return SixToFour.Contains(address) ? new IPAddress(bytes.AsSpan(2, 4)) : address;
    }

    private static IPNetwork[] Parse(params string[] networks) => Array.ConvertAll(networks, network => IPNetwork.Parse(network));
}
