using System.Text;

namespace Errand.Submits;

public sealed class ValidationTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, Func<JobSubmission, JobSubmission>> Mistakes() => new()
    {
        { "#/type", job => job with { Type = "Work!" } },
        { "#/queue", job => job with { Queue = "No Queue" } },
        { "#/priority", job => job with { Priority = -1 } },
        { "#/priority", job => job with { Priority = 10 } },
        { "#/maxAttempts", job => job with { MaxAttempts = 0 } },
        { "#/maxAttempts", job => job with { MaxAttempts = 101 } },
        { "#/timeout", job => job with { Timeout = TimeSpan.Zero } },
        { "#/retention", job => job with { Retention = TimeSpan.FromDays(-1) } },
        { "#/retention", job => job with { Retention = TimeSpan.FromDays(5_000) } },
        { "#/runAt", job => job with { RunAt = Now.AddYears(10) } },
        { "#/delay", job => job with { Delay = TimeSpan.FromDays(3_650) } },
        { "#/delay", job => job with { Delay = TimeSpan.FromSeconds(-1) } },
        { "#/delay", job => job with { Delay = TimeSpan.FromSeconds(1), RunAt = Now.AddHours(1) } },
        { "#/deadline", job => job with { Deadline = Now } },
        { "#/deadline", job => job with { Deadline = Now.AddHours(1), RunAt = Now.AddHours(2) } },
        { "#/deadline", job => job with { Deadline = Now.AddHours(1), Delay = TimeSpan.FromHours(1) } },
        { "#/labels", job => job with { Labels = Enumerable.Range(0, 33).ToDictionary(i => $"l{i}", _ => "") } },
        { "#/labels", job => job with { Labels = new Dictionary<string, string> { [new string('n', 64)] = "" } } },
        { "#/labels/a~1b", job => job with { Labels = new Dictionary<string, string> { ["a/b"] = new string('v', 256) } } },
        { "#/uniqueKey", job => job with { UniqueKey = "" } },
        { "#/correlationId", job => job with { CorrelationId = new string('c', 256) } },
        { "#/parentId", job => job with { ParentId = new string('p', 256) } },
        { "#/input", job => job with { Input = "{"u8.ToArray() } },
        { "#/input", job => job with { Input = "1 2"u8.ToArray() } },
        { "#/input", job => job with { Input = new byte[] { (byte)'"', 0xC3, 0x28, (byte)'"' } } },
        { "#/input", job => job with { Input = Encoding.UTF8.GetBytes(new string('[', 33) + new string(']', 33)) } },
        { "#/items", job => job with { Items = "{}"u8.ToArray() } },
        { "#/items", job => job with { Items = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Range(0, 1_001))}]") } },
        { "#/itemsFrom", job => job with { Items = "[1]"u8.ToArray(), ItemsFrom = new string('0', 32) } },
        { "#/itemsFrom", job => job with { ItemsFrom = "nonsense" } },
        { "#/itemsFrom", job => job with { ItemsFrom = new string('0', 32) } },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_wrong_field_is_named_with_its_fix(string pointer, Func<JobSubmission, JobSubmission> mistake)
    {
        await using var engine = await Engine.StartAsync();
        var problem = await RefusedAsync(engine, mistake(new JobSubmission { Type = "work" }));
        Assert.Equal(JobProblems.InvalidRequest, problem.Name);
        var error = Assert.Single(problem.Errors);
        Assert.Equal(pointer, error.Pointer);
        Assert.EndsWith(".", error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_said_at_once()
    {
        await using var engine = await Engine.StartAsync();
        var problem = await RefusedAsync(
            engine, new JobSubmission { Type = "work", Priority = 11, MaxAttempts = 0, Input = "nope"u8.ToArray(), UniqueKey = "" });
        Assert.Equal(["#/priority", "#/maxAttempts", "#/uniqueKey", "#/input"], problem.Errors.Select(error => error.Pointer));
    }

    [Fact]
    public async Task The_edges_of_what_is_allowed_are_accepted()
    {
        await using var engine = await Engine.StartAsync();
        var job = await engine.SubmitAsync(change: job => job with
        {
            Priority = 0,
            MaxAttempts = 100,
            RunAt = engine.Now.AddDays(366),
            Retention = TimeSpan.Zero,
            Labels = Enumerable.Range(0, 32).ToDictionary(i => $"l{i}", _ => new string('v', 255)),
            Input = Encoding.UTF8.GetBytes(new string('[', 32) + new string(']', 32)),
            Items = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Range(0, 1_000))}]"),
            UniqueKey = new string('k', 255),
        });
        Assert.Equal(1_000, job.Details.ItemCount);
        Assert.Equal(JobStatus.Scheduled, job.Head.StatusAt(engine.Now));
    }

    [Fact]
    public async Task An_unknown_type_and_an_internal_one_are_the_same_to_a_caller()
    {
        await using var engine = await Engine.StartAsync([new JobType { Name = "system.bulk", Internal = true }]);
        Assert.Equal(JobProblems.UnknownJobType, (await RefusedAsync(engine, new JobSubmission { Type = "nobody.knows" })).Name);
        Assert.Equal(JobProblems.UnknownJobType, (await RefusedAsync(engine, new JobSubmission { Type = "system.bulk" })).Name);
        var receipt = await engine.As(JobCaller.System()).SubmitAsync(new JobSubmission { Type = "system.bulk" });
        Assert.Equal(SubmitReceiptKind.Created, receipt.Kind);
    }

    [Fact]
    public async Task A_type_of_another_node_is_accepted()
    {
        await using var engine = await Engine.StartAsync();
        var declaration = """{"name":"elsewhere.run","aliases":[],"queue":"far","maxAttempts":7,"retention":{},"inputVersion":3,"handler":"dotnet"}"""u8.ToArray();
        await engine.Storage.Catalog.SaveTypesAsync(
            [new Errand.Storage.StoredType("elsewhere.run", declaration, engine.Now)], CancellationToken.None);
        engine.Time.Advance(TimeSpan.FromSeconds(2));
        var job = await engine.SubmitAsync("elsewhere.run");
        Assert.Equal(("far", 7), (job.Head.Queue, job.Head.MaxAttempts));
        Assert.Equal("no_worker", (await engine.Client.WhyAsync(job.Head.Id)).Code);
    }

    [Fact]
    public async Task A_type_may_require_a_key()
    {
        await using var engine = await Engine.StartAsync([new JobType { Name = "pay", RequireIdempotencyKey = true }]);
        Assert.Equal(JobProblems.IdempotencyKeyMissing, (await RefusedAsync(engine, new JobSubmission { Type = "pay" })).Name);
        await engine.Client.ValidateAsync(new JobSubmission { Type = "pay" });
        await engine.Client.SubmitAsync(new JobSubmission { Type = "pay" }, IdempotencyTests.Key("k1"));
    }

    [Fact]
    public async Task Validation_stores_nothing()
    {
        await using var engine = await Engine.StartAsync();
        var job = await engine.Client.ValidateAsync(new JobSubmission { Type = "work", Priority = 7 });
        Assert.Equal((7, 0L), (job.Head.Priority, job.Head.Sequence));
        Assert.Empty((await engine.Client.ListAsync(JobFilter.All)).Jobs);
    }

    [Fact]
    public async Task Trace_headers_are_kept_only_when_they_are_valid()
    {
        await using var engine = await Engine.StartAsync();
        const string Parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        var good = await engine.SubmitAsync(change: job => job with { TraceParent = Parent, TraceState = "a=b" });
        var bad = await engine.SubmitAsync(change: job => job with { TraceParent = Parent + "\r\nX: y", TraceState = "a=b" });
        var badState = await engine.SubmitAsync(change: job => job with { TraceParent = Parent, TraceState = "a=b\r\nX: y" });
        Assert.Equal((Parent, "a=b"), (good.Details.TraceParent, good.Details.TraceState));
        Assert.Equal((null, null), (bad.Details.TraceParent, bad.Details.TraceState));
        Assert.Equal((Parent, null), (badState.Details.TraceParent, badState.Details.TraceState));
    }

    private static async Task<JobProblem> RefusedAsync(Engine engine, JobSubmission submission) =>
        (await Assert.ThrowsAsync<JobProblemException>(async () => await engine.Client.SubmitAsync(submission))).Problem;
}
