using System.Text.Json.Serialization;

namespace Errand.Testing.Management;

/// <summary>What stand-ins wait for and work on.</summary>
internal sealed record FakeOverview(IReadOnlyList<FakeDescription> Vendors);

/// <summary>One stand-in: its waiting scripts, the next one first, and its jobs that are not over.</summary>
internal sealed record FakeDescription(string Vendor, IReadOnlyList<string> Scripts, IReadOnlyList<FakeJob> Jobs);

/// <summary>A job on its course.</summary>
internal sealed record FakeJob(string Id, string Script, string Phase, int Polls);

/// <summary>A refusal (RFC 9457), as the native API's.</summary>
internal sealed record FakeProblem(int Status, string Detail, string Code);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FakeOverview))]
[JsonSerializable(typeof(FakeProblem))]
internal sealed partial class FakeJson : JsonSerializerContext;
