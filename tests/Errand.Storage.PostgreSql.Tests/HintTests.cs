namespace Errand.Storage.PostgreSql.Tests;

/// <summary>What stores tell each other over the server.</summary>
public sealed class HintTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private readonly string _schema = TestServer.NewSchema();
    private readonly List<PostgreSqlStorage> _stores = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _listening = [];
    private string _server = "";

    public async ValueTask InitializeAsync() => _server = await TestServer.ConnectionStringAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_listening);
        foreach (var store in _stores) await store.DisposeAsync();
        await TestServer.DropAsync(_server, _schema);
        _stop.Dispose();
    }

    [Fact]
    public async Task A_hint_reaches_the_others_and_not_who_told_it()
    {
        var (here, there, other) = (new Ear(), new Ear(), new Ear());
        var teller = await OpenAsync(here);
        await OpenAsync(there);
        await OpenAsync(other, _schema + "_b");
        var job = new JobKey("default", JobId.New(Noon));

        await UntilAsync(() => there.Jobs.Any(), () => teller.Hints!.Others.Changed(job, 7, finished: true));
        teller.Hints!.Others.WorkCame("default", "bulk", "mail");
        await UntilAsync(() => there.Work.Any());

        Assert.Equal([new JobChanged(job, 7, 0, true)], there.Jobs);
        Assert.Equal([("default", "bulk", "mail")], there.Work);
        Assert.Empty(here.Jobs.Concat(other.Jobs));
        await TestServer.DropAsync(_server, _schema + "_b");
    }

    [Fact]
    public async Task A_listener_whose_connection_is_cut_listens_again()
    {
        var ear = new Ear();
        var teller = await OpenAsync(new Ear());
        await OpenAsync(ear);
        await UntilAsync(() => ear.Work.Any(), () => teller.Hints!.Others.WorkCame("default", "default", "before"));

        await TestServer.RunAsync(
            _server, $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN \"{_schema}_hints\"' AND pid <> pg_backend_pid()");

        await UntilAsync(() => ear.Work.Any(work => work.Type == "after"), () => teller.Hints!.Others.WorkCame("default", "default", "after"));
    }

    [Fact]
    public async Task Behind_a_pooler_there_are_no_hints()
    {
        await using var store = new PostgreSqlStorage(new PostgreSqlStorageOptions { ConnectionString = _server, Schema = _schema, Pooler = true });
        Assert.Null(store.Hints);
    }

    private async Task<PostgreSqlStorage> OpenAsync(Ear ear, string? schema = null)
    {
        var store = new PostgreSqlStorage(new PostgreSqlStorageOptions { ConnectionString = _server, Schema = schema ?? _schema });
        _stores.Add(store);
        await store.Schema.MigrateAsync(Noon, default);
        _listening.Add(store.Hints!.ListenAsync(ear, _stop.Token));
        return store;
    }

    private static async Task UntilAsync(Func<bool> holds, Action? again = null)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var tries = 0; tries < 150; tries++)
        {
            again?.Invoke();
            if (holds()) return;
            await timer.WaitForNextTickAsync();
        }

        Assert.Fail("The hint did not come.");
    }
}
