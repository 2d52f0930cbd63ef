namespace Errand.Hosting;

/// <summary>Something that the engine does again and again, by itself, while the host runs.</summary>
internal interface ISweep
{
    /// <summary>For logs.</summary>
    string Name { get; }

    /// <summary>The pause between two rounds.</summary>
    TimeSpan Every { get; }

    /// <summary>One round. What it throws is logged, and the next round comes.</summary>
    ValueTask SweepAsync(CancellationToken cancellationToken);
}
