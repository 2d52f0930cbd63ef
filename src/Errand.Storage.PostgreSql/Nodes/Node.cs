namespace Errand.Storage.PostgreSql;

/// <summary>This process among those that share the store.</summary>
internal sealed class Node
{
    private volatile bool _listens;
    private volatile bool _othersListen;

    public Guid Id { get; } = Guid.NewGuid();

    public string Name { get; } = $"{Environment.MachineName}:{Environment.ProcessId}";

    /// <summary>Whether it hears hints, so that telling it is worth something.</summary>
    public bool Listens
    {
        get => _listens;
        set => _listens = value;
    }

    /// <summary>Whether anyone else hears them, as of the last beat.</summary>
    public bool OthersListen
    {
        get => _othersListen;
        set => _othersListen = value;
    }
}
