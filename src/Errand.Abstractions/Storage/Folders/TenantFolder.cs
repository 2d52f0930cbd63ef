using System.Security.Cryptography;
using System.Text;

namespace Errand.Storage.Folders;

/// <summary>
/// The folder of a tenant: its name, with everything but lower-case letters, digits, <c>-</c> and <c>_</c> escaped, so that no two tenants
/// share a folder on any file system and none leaves it.
/// </summary>
internal static class TenantFolder
{
    private const int LongestName = 120;

    public static string NameOf(string tenant)
    {
        var name = new StringBuilder(tenant.Length);
        foreach (var b in Encoding.UTF8.GetBytes(tenant))
        {
            if (char.IsAsciiLetterLower((char)b) || char.IsAsciiDigit((char)b) || b is (byte)'-' or (byte)'_') name.Append((char)b);
            else name.Append('%').Append(Convert.ToHexStringLower([b]));
        }

        return name.Length is > 0 and <= LongestName
            ? name.ToString()
            : "%" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tenant)));
    }
}
