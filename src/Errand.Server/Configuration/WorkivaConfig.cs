using Errand.Dialects.Workiva;

namespace Errand.Server.Configuration;

/// <summary>The wires of Workiva.</summary>
/// <param name="Options">How they behave.</param>
public sealed record WorkivaConfig(WorkivaOptions Options) : DialectConfig;
