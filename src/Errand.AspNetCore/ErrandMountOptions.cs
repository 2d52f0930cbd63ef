namespace Errand.AspNetCore;

/// <summary>How one mount of the native API answers.</summary>
public sealed class ErrandMountOptions
{
    /// <summary>
    /// Points <c>Location</c> of a 202 at the status, which answers 200 from the first moment, instead of at the result. For clients raised
    /// on that pattern; those of Azure's SDKs follow <c>Operation-Location</c> either way. Default: false.
    /// </summary>
    public bool LocationIsStatus { get; set; }
}
