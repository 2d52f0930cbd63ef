namespace Errand.Simulation.Tests.Promises;

/// <summary>What must never happen has happened.</summary>
internal sealed class BrokenPromiseException(string message) : Exception(message);
