using System.Text.Json;
using Errand.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Errand.Worker.Tests;

public sealed class RegistrationTests : IAsyncDisposable
{
    private readonly WorkerHarness _harness = new();

    public ValueTask DisposeAsync() => _harness.DisposeAsync();

    [Fact]
    public async Task A_class_with_the_attribute_runs_its_type_and_its_former_names()
    {
        _harness.AddHandler<Doubler>();
        await _harness.StartAsync();
        _harness.Source.Submit("math.double", "21");
        Assert.Equal("42"u8.ToArray(), Result(await _harness.SettledAsync()));

        _harness.Source.Submit("math.twice", "4");
        Assert.Equal("8"u8.ToArray(), Result(await _harness.SettledAsync()));
    }

    [Fact]
    public void A_class_declares_queue_attempts_timeout_and_version()
    {
        var type = DeclaredType.Of(typeof(Doubler));

        Assert.Equal("numbers", type.Queue);
        Assert.Equal(3, type.MaxAttempts);
        Assert.Equal(TimeSpan.FromMinutes(10), type.Timeout);
        Assert.Equal(2, type.InputVersion);
    }

    [Fact]
    public async Task A_function_runs_on_the_users_own_types()
    {
        _harness.AddHandler<Order, Receipt?>("order.price", (order, _, _) => Task.FromResult(order.Count > 0 ? new Receipt(order.Count * 3) : null));
        await _harness.StartAsync();
        _harness.Source.Submit("order.price", """{"count":5}""");
        Assert.Equal("""{"total":15}"""u8.ToArray(), Result(await _harness.SettledAsync()));

        _harness.Source.Submit("order.price", """{"count":0}""");
        Assert.Empty(Result(await _harness.SettledAsync()));
    }

    [Fact]
    public async Task An_input_that_cannot_be_read_fails_the_job_for_good()
    {
        _harness.AddHandler<Order, Receipt?>("order.price", (_, _, _) => Task.FromResult<Receipt?>(null));
        await _harness.StartAsync();
        _harness.Source.Submit("order.price", """{"count":"many"}""");

        var error = Assert.IsType<JobOutcome.Failed>((await _harness.SettledAsync()).Outcome).Error;

        Assert.Equal(JobErrorCodes.InputUnreadable, error.Code);
        Assert.False(error.Retryable);
    }

    [Fact]
    public async Task Two_handlers_of_one_name_stop_the_start_and_both_are_named()
    {
        _harness.AddHandler<Doubler>();
        _harness.AddHandler(new JobType { Name = "math.twice", Description = "the other one" }, _ => new Doubler());

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => _harness.StartAsync());

        Assert.Contains("'math.twice'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("'math.double'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("the other one", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_without_the_attribute_is_refused_with_the_line_that_fixes_it()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => _harness.AddHandler<Nameless>());

        Assert.Contains("[Job(\"report.export\")]", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_wrong_option_is_named_at_once()
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => _harness.StartAsync(options =>
        {
            options.Slots = 0;
            options.MaxPrefetch = -1;
            options.Queues.Add("Not a queue");
        }));

        Assert.Equal(3, exception.Failures.Count());
    }

    [Fact]
    public async Task Each_attempt_has_services_of_its_own()
    {
        var seen = new List<object>();
        _harness.Services.AddScoped<object>();
        _harness.AddHandler(new JobType { Name = "test.job" }, services => new Noting(() => seen.Add(services.GetRequiredService<object>())));
        await _harness.StartAsync();
        _harness.Source.Submit();
        _harness.Source.Submit();
        await _harness.SettledAsync();
        await _harness.SettledAsync();

        Assert.NotSame(seen[0], seen[1]);
    }

    private static byte[] Result(Settlement settled) => Assert.IsType<JobOutcome.Succeeded>(settled.Outcome).Result.ToArray();

    private sealed record Order(int Count);

    private sealed record Receipt(int Total);

    [Job("math.double", Aliases = ["math.twice"], Queue = "numbers", MaxAttempts = 3, Timeout = "00:10:00", InputVersion = 2)]
    private sealed class Doubler : IJobHandler
    {
        public ValueTask<JobOutcome> HandleAsync(JobContext context, CancellationToken cancellationToken) =>
            new(new JobOutcome.Succeeded(JsonSerializer.SerializeToUtf8Bytes(2 * JsonSerializer.Deserialize<int>(context.Input.Json.Span))));
    }

    private sealed class Nameless : IJobHandler
    {
        public ValueTask<JobOutcome> HandleAsync(JobContext context, CancellationToken cancellationToken) => new(JobOutcome.Succeeded.Empty);
    }

    private sealed class Noting(Action note) : IJobHandler
    {
        public ValueTask<JobOutcome> HandleAsync(JobContext context, CancellationToken cancellationToken)
        {
            note();
            return new(JobOutcome.Succeeded.Empty);
        }
    }
}
