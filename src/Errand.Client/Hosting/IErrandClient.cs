namespace Errand.Client;

/// <summary>An Errand server, from outside. Thread-safe; keep one for the life of the process.</summary>
public interface IErrandClient
{
    /// <summary>Jobs, as handles.</summary>
    IErrandJobs Jobs { get; }

    /// <summary>The whole native API, as the server speaks it: uploads, batches, queues, types, counts.</summary>
    HttpJobClient Api { get; }
}
