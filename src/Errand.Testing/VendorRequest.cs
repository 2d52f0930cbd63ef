namespace Errand.Testing;

/// <summary>A request that a stand-in got.</summary>
/// <param name="Time">When it came.</param>
/// <param name="Method">The method.</param>
/// <param name="Path">Path and query, as sent.</param>
/// <param name="Status">What it was answered; 0 when the connection broke off first.</param>
public sealed record VendorRequest(DateTimeOffset Time, string Method, string Path, int Status);
