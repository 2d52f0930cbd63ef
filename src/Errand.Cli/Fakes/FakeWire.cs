namespace Errand.Cli.Fakes;

/// <summary>What <c>/fake/scripts</c> answers.</summary>
internal sealed record FakeOverview(IReadOnlyList<FakeVendorResource> Vendors);

/// <summary>A stand-in: the scripts that wait, the next one first, and the jobs that are not over.</summary>
internal sealed record FakeVendorResource(string Vendor, IReadOnlyList<string> Scripts, IReadOnlyList<FakeJobResource> Jobs);

/// <summary>A job on its course.</summary>
internal sealed record FakeJobResource(string Id, string Script, string Phase, int Polls);

/// <summary>A script to set.</summary>
internal sealed record FakeScriptRequest(string Script);

/// <summary>A script that waits, or a job that follows one: a line of <c>errand fake list</c>.</summary>
internal sealed record FakeLine(string Vendor, string State, string? Job, int? Polls, string Script);
