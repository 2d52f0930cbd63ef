using Npgsql;

namespace Errand.Storage.PostgreSql;

/// <summary>What a batch gave: one list of rows per statement that gives rows, taken in order.</summary>
/// <param name="reader">The rows.</param>
/// <param name="unread">How many lists come first that nobody asked for.</param>
internal sealed class Results(NpgsqlDataReader reader, int unread)
{
    private readonly Row _row = new(reader);
    private int _behind = unread;

    /// <summary>The rows of the next statement.</summary>
    public async ValueTask<List<T>> ListAsync<T>(Func<Row, T> read)
    {
        for (; _behind > 0; _behind--) await reader.NextResultAsync(CancellationToken.None);
        _behind = 1;
        var rows = new List<T>();
        while (await reader.ReadAsync(CancellationToken.None))
        {
            _row.Start();
            rows.Add(read(_row));
        }

        return rows;
    }

    /// <summary>The first row of the next statement; the default when it has none.</summary>
    public async ValueTask<T?> FirstAsync<T>(Func<Row, T> read)
    {
        var rows = await ListAsync(read);
        return rows.Count > 0 ? rows[0] : default;
    }

    /// <summary>Reads to the end: what was not read may still fail.</summary>
    public async ValueTask DrainAsync()
    {
        while (await reader.NextResultAsync(CancellationToken.None))
        {
            // The error of a statement is thrown here.
        }
    }

    public ValueTask<List<bool>> SkipAsync() => ListAsync(_ => true);
}
