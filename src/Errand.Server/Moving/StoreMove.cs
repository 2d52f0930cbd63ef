using System.Runtime.CompilerServices;
using Errand.Storage;

namespace Errand.Server.Moving;

/// <summary>Moves everything that one store holds into another, empty one, and looks whether it is the same there.</summary>
public static class StoreMove
{
    /// <summary>Moves all of it, or nothing. Where an earlier run had moved it, it finds that and writes nothing.</summary>
    /// <param name="from">The store that no server has open; it stays as it is.</param>
    /// <param name="to">The store that takes it over, in one transaction.</param>
    /// <param name="cancellationToken">Gives up; nothing was written then, unless the last commit was under way.</param>
    /// <exception cref="StorageException">The other store is in use, or what is there afterwards is not what was moved.</exception>
    public static async Task<MoveReport> RunAsync(IJobStorage from, IJobStorage to, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        var source = TransferOf(from);
        await RefuseWaitingAsync(from, cancellationToken);
        var target = TransferOf(to);
        if (!await target.IsEmptyAsync(cancellationToken)) return await CompareAsync(source, target, to, cancellationToken);
        var sent = new TransferDigest();
        await target.ImportAsync(AddAsync(source.ExportAsync(cancellationToken), sent, cancellationToken), cancellationToken);
        var there = await DigestAsync(target, cancellationToken);
        if (sent.DifferenceTo(there) is { Count: > 0 } different)
        {
            throw new StorageException(
                StorageFault.Corrupt, $"What was moved is not what is there now, in: {string.Join(", ", different)}. Drop the schema of the {to.Name} store and move again.");
        }

        return new MoveReport(WasThere: false, [.. sent.Counts], sent.ToString(), sent.Missing);
    }

    private static async Task<MoveReport> CompareAsync(IStorageTransfer source, IStorageTransfer target, IJobStorage to, CancellationToken stop)
    {
        var (here, there) = (await DigestAsync(source, stop), await DigestAsync(target, stop));
        if (here.DifferenceTo(there) is { Count: > 0 } different)
        {
            throw new StorageException(
                StorageFault.Locked,
                $"The {to.Name} store is in use and holds something else, in: {string.Join(", ", different)}. Nothing was written. Name an empty one, such as another schema.");
        }

        return new MoveReport(WasThere: true, [.. here.Counts], here.ToString(), here.Missing);
    }

    /// <summary>Jobs that committed with an app's rows and were not taken over yet lie in the app's database: this store has nothing of them to move.</summary>
    private static async Task RefuseWaitingAsync(IJobStorage from, CancellationToken stop)
    {
        if (from is not ITransactionalStorage enlisted || await enlisted.ListEnlistedAsync(1, stop) is not [var waiting, ..]) return;
        throw new StorageException(
            StorageFault.Locked,
            $"Jobs of an app's transactions wait in {waiting.Source} to be taken over, job {waiting.Job.Head.Id} among them. Nothing was moved. Start the server or the app on the {from.Name} store once more, "
            + "with the app writing nothing; it takes them over within a second. Stop it and move again.");
    }

    private static IStorageTransfer TransferOf(IJobStorage storage) =>
        storage.Transfer ?? throw new StorageException(StorageFault.NotWritable, $"A {storage.Name} store cannot be moved.");

    private static async Task<TransferDigest> DigestAsync(IStorageTransfer store, CancellationToken stop)
    {
        var digest = new TransferDigest();
        await foreach (var row in store.ExportAsync(stop).WithCancellation(stop)) digest.Add(row);
        return digest;
    }

    private static async IAsyncEnumerable<TransferRow> AddAsync(
        IAsyncEnumerable<TransferRow> rows, TransferDigest digest, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            digest.Add(row);
            yield return row;
        }
    }
}

/// <summary>What was moved.</summary>
/// <param name="WasThere">True when an earlier run had moved it, and nothing was written now.</param>
/// <param name="Tables">Tables with their rows.</param>
/// <param name="Digest">A digest over all rows, the same for both stores.</param>
/// <param name="Missing">Files that are named and that the first store does not have.</param>
public sealed record MoveReport(bool WasThere, IReadOnlyList<(string Name, long Rows)> Tables, string Digest, IReadOnlyList<string> Missing);
