using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using System.Data.Common;

namespace Errand.EntityFrameworkCore.Tests;

/// <summary>Jobs that are saved with entities, on both stores, and run.</summary>
public sealed class SubmitJobTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgresql")]
    public async Task A_saved_order_is_confirmed_and_knows_its_job(string kind)
    {
        await using var shop = await Shop.OpenAsync(kind);

        var job = await shop.WithAsync(async db =>
        {
            var job = db.SubmitJob("order.confirm", new Confirm("lamp"), new JobCaller("default", "ada"));
            db.Orders.Add(new Order { Article = "lamp", Job = job.Id.ToString() });
            Assert.Null(job.Receipt);
            await db.SaveChangesAsync(Stop);
            return job;
        });

        Assert.Equal(SubmitReceiptKind.Created, job.Receipt!.Kind);
        Assert.Equal("ada", job.Receipt.Job.Head.Owner);
        Assert.Equal(JobState.Succeeded, await shop.EndOfAsync(job));
        Assert.Equal(["lamp"], await shop.ArticlesAsync());
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgresql")]
    public async Task A_save_that_fails_leaves_no_job_and_may_be_repeated(string kind)
    {
        await using var shop = await Shop.OpenAsync(kind);
        await AddAsync(shop, "lamp");
        var job = await shop.WithAsync(async db =>
        {
            var order = db.Orders.Add(new Order { Article = "lamp" });
            var job = db.SubmitJob("order.confirm", new Confirm("second lamp"));
            await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync(Stop));
            Assert.Equal(default, await shop.Jobs.FindAsync(job.Id, cancellationToken: Stop));
            Assert.Equal(AutoTransactionBehavior.WhenNeeded, db.Database.AutoTransactionBehavior);

            order.Entity.Article = "second lamp";
            await db.SaveChangesAsync(Stop);
            await db.SaveChangesAsync(Stop);
            return job;
        });

        Assert.Equal(JobState.Succeeded, await shop.EndOfAsync(job));
        Assert.Equal(2, await shop.CountAsync());
    }

    [Theory]
    [InlineData("sqlite", true)]
    [InlineData("sqlite", false)]
    [InlineData("postgresql", true)]
    [InlineData("postgresql", false)]
    public async Task In_a_transaction_of_the_app_its_end_decides(string kind, bool commits)
    {
        await using var shop = await Shop.OpenAsync(kind);
        var job = await shop.WithAsync(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(Stop);
            db.Orders.Add(new Order { Article = "lamp" });
            var job = db.SubmitJob("order.confirm", new Confirm("lamp"));
            await db.SaveChangesAsync(Stop);
            Assert.Equal(default, await shop.Jobs.FindAsync(job.Id, cancellationToken: Stop));
            if (commits) await transaction.CommitAsync(Stop);
            else await transaction.RollbackAsync(Stop);
            return job;
        });

        if (commits) Assert.Equal(JobState.Succeeded, await shop.EndOfAsync(job));
        else Assert.Equal(default, await shop.Jobs.FindAsync(job.Id, cancellationToken: Stop));
        Assert.Equal(commits ? ["lamp"] : [], await shop.ArticlesAsync());
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgresql")]
    public async Task What_is_wrong_with_a_job_is_thrown_by_the_save_and_nothing_is_saved(string kind)
    {
        await using var shop = await Shop.OpenAsync(kind);
        foreach (var begins in new[] { false, true })
        {
            await shop.WithAsync(async db =>
            {
                await using var transaction = begins ? await db.Database.BeginTransactionAsync(Stop) : null;
                db.Orders.Add(new Order { Article = "lamp" });
                db.SubmitJob(new JobSubmission { Type = "order.confirm", Priority = 12 });
                var refusal = await Assert.ThrowsAsync<JobProblemException>(() => db.SaveChangesAsync(Stop));
                Assert.Equal("#/priority", Assert.Single(refusal.Problem.Errors).Pointer);
                if (transaction is not null) await transaction.CommitAsync(Stop);
                return 0;
            });
        }

        Assert.Empty(await shop.ArticlesAsync());
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgresql")]
    public async Task Jobs_alone_and_without_async_are_submitted_too(string kind)
    {
        await using var shop = await Shop.OpenAsync(kind);
        var jobs = await shop.WithAsync(db =>
        {
            var alone = db.SubmitJob("order.confirm", new Confirm("nothing"));
            db.SaveChanges();
            db.Orders.Add(new Order { Article = "lamp" });
            var first = db.SubmitJob("order.confirm", new Confirm("lamp"));
            var second = db.SubmitJob("order.confirm", new Confirm("lamp again"));
            db.SaveChanges();
            return Task.FromResult<SubmittedJob[]>([alone, first, second]);
        });

        foreach (var job in jobs) Assert.Equal(JobState.Succeeded, await shop.EndOfAsync(job));
        Assert.Equal(3, await shop.CountAsync());
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgresql")]
    public async Task A_save_that_an_execution_strategy_tries_again_makes_one_job(string kind)
    {
        var fault = new FailsOnce();
        await using var shop = await Shop.OpenAsync(kind, options => options.AddInterceptors(fault).ReplaceService<IExecutionStrategyFactory, TriesAgain>());
        var job = await shop.WithAsync(async db =>
        {
            db.Orders.Add(new Order { Article = "lamp" });
            var job = db.SubmitJob("order.confirm", new Confirm("lamp"));
            fault.Armed = true;
            await db.SaveChangesAsync(Stop);
            return job;
        });

        Assert.False(fault.Armed, "nothing failed");
        Assert.Equal(JobState.Succeeded, await shop.EndOfAsync(job));
        Assert.Equal(1, await shop.CountAsync());
    }

    [Fact]
    public async Task A_context_that_goes_back_to_its_pool_forgets_what_was_not_saved()
    {
        await using var shop = await Shop.OpenAsync("sqlite", pooled: true);
        await shop.WithAsync(db => Task.FromResult(db.SubmitJob("order.confirm", new Confirm("never"))));

        await AddAsync(shop, "lamp", submits: false);

        Assert.Equal(0, await shop.CountAsync());
    }

    [Fact]
    public async Task A_live_job_with_the_unique_key_is_told()
    {
        await using var shop = await Shop.OpenAsync("sqlite");
        var key = new JobSubmission { Type = "order.confirm", Delay = TimeSpan.FromHours(1), UniqueKey = "lamp", Input = "{\"article\":\"lamp\"}"u8.ToArray() };
        var first = await SaveAsync(shop, key);
        var second = await SaveAsync(shop, key);

        Assert.Equal(SubmitReceiptKind.Reused, second.Receipt!.Kind);
        Assert.Equal(first.Id, second.Receipt.Job.Head.Id);
    }

    [Fact]
    public async Task A_transaction_scope_is_refused_with_the_alternative()
    {
        await using var shop = await Shop.OpenAsync("sqlite", options => options.ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.AmbientTransactionWarning)));
        await shop.WithAsync(async db =>
        {
            using var scope = new System.Transactions.TransactionScope(System.Transactions.TransactionScopeAsyncFlowOption.Enabled);
            db.SubmitJob("order.confirm", new Confirm("lamp"));
            var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => db.SaveChangesAsync(Stop));
            Assert.Contains("BeginTransactionAsync", refusal.Message, StringComparison.Ordinal);
            return 0;
        });
    }

    [Fact]
    public void A_context_and_an_app_without_Errand_are_told_the_missing_line()
    {
        using var db = new ShopContext(new DbContextOptionsBuilder<ShopContext>().UseSqlite("Data Source=:memory:").Options);
        Assert.Contains("UseErrand(provider)", Assert.Throws<InvalidOperationException>(() => db.SubmitJob("x", 1)).Message, StringComparison.Ordinal);

        using var services = new ServiceCollection().BuildServiceProvider();
        var missing = Assert.Throws<InvalidOperationException>(() => new DbContextOptionsBuilder<ShopContext>().UseErrand(services));
        Assert.Contains("AddErrand()", missing.Message, StringComparison.Ordinal);
    }

    private static Task<int> AddAsync(Shop shop, string article, bool submits = true) => shop.WithAsync(async db =>
    {
        db.Orders.Add(new Order { Article = article });
        if (submits) db.SubmitJob("order.confirm", new Confirm(article));
        return await db.SaveChangesAsync(Stop);
    });

    private static Task<SubmittedJob> SaveAsync(Shop shop, JobSubmission submission) => shop.WithAsync(async db =>
    {
        var job = db.SubmitJob(submission);
        await db.SaveChangesAsync(Stop);
        return job;
    });

    /// <summary>Breaks one command, after the jobs were written.</summary>
    private sealed class FailsOnce : DbCommandInterceptor
    {
        public bool Armed { get; set; }

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            if (!Armed) return new(result);
            Armed = false;
            throw new TimeoutException("The database took too long.");
        }
    }

    private sealed class TriesAgain(ExecutionStrategyDependencies dependencies) : IExecutionStrategyFactory
    {
        public IExecutionStrategy Create() => new Strategy(dependencies);

        private sealed class Strategy(ExecutionStrategyDependencies dependencies) : ExecutionStrategy(dependencies, maxRetryCount: 2, maxRetryDelay: TimeSpan.FromMilliseconds(1))
        {
            protected override bool ShouldRetryOn(Exception exception) => exception is TimeoutException;
        }
    }
}
