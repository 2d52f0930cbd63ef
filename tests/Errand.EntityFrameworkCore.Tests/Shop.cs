using Errand.Storage.PostgreSql.Tests;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Errand.EntityFrameworkCore.Tests;

public sealed class Order
{
    public int Id { get; init; }

    public required string Article { get; set; }

    public string? Job { get; set; }
}

public sealed class ShopContext(DbContextOptions<ShopContext> options) : DbContext(options)
{
    public DbSet<Order> Orders => Set<Order>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Order>().HasIndex(order => order.Article).IsUnique();
}

public sealed record Confirm(string Article);

/// <summary>An app with a database of its own and Errand beside it, with a worker that writes down what it ran.</summary>
public sealed class Shop : IAsyncDisposable
{
    private readonly string _folder;
    private readonly string? _schema;
    private readonly IHost _host;

    private Shop(string folder, string? schema, IHost host) => (_folder, _schema, _host) = (folder, schema, host);

    public IServiceProvider Services => _host.Services;

    public IJobClient Jobs => Services.GetRequiredService<IJobClients>().For(JobCaller.System());

    /// <param name="kind"><c>sqlite</c> or <c>postgresql</c>.</param>
    /// <param name="configure">More options for the context.</param>
    /// <param name="pooled">True for contexts from a pool.</param>
    public static async Task<Shop> OpenAsync(string kind, Action<DbContextOptionsBuilder>? configure = null, bool pooled = false)
    {
        var stop = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("errand-shop-").FullName;
        var (server, schema) = kind == "sqlite" ? ("", null) : (await TestServer.ConnectionStringAsync(), TestServer.NewSchema());
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var errand = builder.Services.AddErrand().AddHandler<Confirm, string>("order.confirm", (confirm, _, _) => Task.FromResult(confirm.Article));
        if (kind == "sqlite") errand.UseSqlite(Path.Combine(folder, "data"));
        else errand.UsePostgreSql(options => (options.ConnectionString, options.Schema) = (server, schema!));

        void Configure(IServiceProvider services, DbContextOptionsBuilder options)
        {
            if (kind == "sqlite") options.UseSqlite($"Data Source={Path.Combine(folder, "shop.db")}");
            else options.UseNpgsql( // The tables lie beside Errand's, so that both go at once.
                $"{server};Search Path={schema}");
            options.UseErrand(services);
            configure?.Invoke(options);
        }

        if (pooled) builder.Services.AddDbContextPool<ShopContext>(Configure, poolSize: 1);
        else builder.Services.AddDbContext<ShopContext>(Configure);
        var host = builder.Build();
        await host.StartAsync(stop);
        await using var scope = host.Services.CreateAsyncScope();
        var creator = (RelationalDatabaseCreator)scope.ServiceProvider.GetRequiredService<ShopContext>().GetService<IDatabaseCreator>();
        if (kind == "sqlite") await creator.EnsureCreatedAsync(stop);
        else await creator.CreateTablesAsync(stop);
        return new Shop(folder, schema, host);
    }

    /// <summary>Runs something with a context of its own.</summary>
    public async Task<T> WithAsync<T>(Func<ShopContext, Task<T>> act)
    {
        await using var scope = Services.CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<ShopContext>());
    }

    public Task<List<string>> ArticlesAsync() =>
        WithAsync(db => db.Orders.Select(order => order.Article).OrderBy(article => article).ToListAsync(TestContext.Current.CancellationToken));

    /// <summary>Waits for the job's end.</summary>
    public async Task<JobState?> EndOfAsync(SubmittedJob job) =>
        (await Jobs.WaitAsync(job.Receipt?.Job.Head.Id ?? job.Id, TimeSpan.FromSeconds(30), cancellationToken: TestContext.Current.CancellationToken)).Job?.Head.State;

    public async Task<int> CountAsync() => (await Jobs.ListAsync(new JobFilter(), cancellationToken: TestContext.Current.CancellationToken)).Jobs.Count;

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)_host).DisposeAsync();
        if (_schema is not null) await TestServer.DropAsync(await TestServer.ConnectionStringAsync(), _schema);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
