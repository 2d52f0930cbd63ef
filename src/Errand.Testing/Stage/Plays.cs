using Errand.Work;

namespace Errand.Testing.Stage;

/// <summary>The plays of a process, by vendor.</summary>
internal sealed class Plays
{
    private readonly Dictionary<string, Play> plays;

    public Plays(IEnumerable<string> vendors, IJobSource source, IJobClients clients, TimeProvider time) =>
        plays = vendors.ToDictionary(vendor => vendor, vendor => new Play(vendor, source, clients, time), StringComparer.Ordinal);

    public IReadOnlyCollection<Play> All => plays.Values;

    public Play? Find(string vendor) => plays.GetValueOrDefault(vendor);
}
