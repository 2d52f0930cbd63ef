using Errand.Storage;
using Errand.Storage.Memory;

namespace Errand.Simulation.Tests.World;

/// <summary>What the store has to bear: verbs that wait for each other, fail, and lose their answers.</summary>
internal sealed class Weather
{
    private readonly Random _random;
    private readonly Turns _turns;

    public Weather(Random random, Turns turns)
    {
        (_random, _turns) = (random, turns);
        Faults = new MemoryStorageFaults { Before = (verb, _) => BeforeAsync(verb), After = verb => After(verb) };
    }

    public MemoryStorageFaults Faults { get; }

    public Sky Sky { get; set; }

    /// <summary>Whether verbs wait for turns, so that others come in between.</summary>
    public bool Interleaves { get; set; } = true;

    /// <summary>Called whenever a verb is done that may have written a head, before its caller is told anything.</summary>
    public Action Written { get; set; } = () => { };

    private async ValueTask BeforeAsync(StorageVerb verb)
    {
        // A beat completes on the calling thread, by contract.
        if (Interleaves && verb is not StorageVerb.Beat && _random.Next(2) == 0) await _turns.ParkAsync();
        if (Sky is Sky.Down) throw new StorageException(StorageFault.Unavailable, "The store is down.");
        if (Sky is not Sky.Stormy) return;
        switch (_random.Next(20))
        {
            case 0 or 1: throw new StorageException(StorageFault.Unavailable, "The store is busy.");
            case 2 when verb is StorageVerb.Submit or StorageVerb.StageFile or StorageVerb.PublishFile: throw new StorageException(StorageFault.Full, "No room.");
            case 3 when Writes(verb): throw new OutcomeUnknownException("The line went dead before the write.");
        }
    }

    private ValueTask After(StorageVerb verb)
    {
        if (verb is StorageVerb.Submit or StorageVerb.Apply or StorageVerb.Settle or StorageVerb.Claim or StorageVerb.Purge or StorageVerb.PurgeExpired or StorageVerb.Forget) Written();
        if (Sky is Sky.Stormy && Writes(verb) && _random.Next(20) == 0) throw new OutcomeUnknownException("The line went dead after the write.");
        return default;
    }

    private static bool Writes(StorageVerb verb) =>
        verb is StorageVerb.Submit or StorageVerb.Apply or StorageVerb.Settle or StorageVerb.Claim or StorageVerb.WriteItems or StorageVerb.SaveProgress
            or StorageVerb.AppendMessages or StorageVerb.AddOutput or StorageVerb.AddUpload or StorageVerb.PublishFile or StorageVerb.DeleteFiles
            or StorageVerb.OpenSession or StorageVerb.CloseSession or StorageVerb.Purge or StorageVerb.PurgeExpired or StorageVerb.Forget;
}

/// <summary>How bad it is.</summary>
internal enum Sky
{
    Clear,
    Stormy,
    Down,
}
