using System.Globalization;
using CsCheck;
using Errand.Conformance.Model;
using Xunit;

namespace Errand.Conformance.Storage;

/// <summary>
/// Random walks of the model of a job's life, walked by the store too: after each step the two must agree on every job, on orphans and on counts. A walk in which they differ is shrunk to the
/// shortest that still does. And within bounds every transition that the model has, each once: <c>ERRAND_MODEL_BOUNDS</c> sets them (jobs,workers,claims of each job).
/// </summary>
public abstract class ModelSuite(StorageFixture fixture) : StorageSuite(fixture)
{
    private const int Workers = 3;
    private const int Jobs = 3;
    private const int StepsMax = 40;

    /// <summary>How many walks are walked. Default: 100, or 300 with <c>ERRAND_TESTS=long</c>: each walk leaves its lanes to be counted by all that come after.</summary>
    protected virtual int Count => Environment.GetEnvironmentVariable("ERRAND_TESTS") == "long" ? 300 : 100;

    /// <summary>Within which every transition is taken: jobs, workers, and claims of each job; one that was claimed more often is followed no further.</summary>
    protected virtual (int Jobs, int Workers, int Claims) Bounds => (1, 1, 1);

    // Off the test's own context: the walks wait for each step where they are.
    [Fact]
    public virtual Task The_store_goes_every_way_of_the_model() => Task.Run(() => Walk(Count, crashes: false), Stop);

    [Fact]
    public virtual Task The_store_goes_every_way_of_the_model_although_it_crashes() => Task.Run(() => Walk(Count / 5, crashes: true), Stop);

    [Fact]
    public virtual Task The_store_takes_every_transition_of_the_model_within_bounds() => Task.Run(TakeAll, Stop);

    private void TakeAll()
    {
        var named = Environment.GetEnvironmentVariable("ERRAND_MODEL_BOUNDS")?.Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        var ((jobs, workers, claims), walk) = (named is [var j, var w, var c] ? (j, w, c) : Bounds, 0);
        var pairs = JobModel.Pairs(workers, jobs);
        ModelledStore? last = null;
        ModelledStore Begin()
        {
            last?.LeaveAsync().GetAwaiter().GetResult();
            return last = new ModelledStore(Fixture, Storage, pairs, $"way-{++walk}", crashes: false);
        }

        var said = "";
        JobModel.Of(jobs, workers, claims).ConformExhaustive<ModelState, ModelledStore>(
            Begin, (store, step) => store.StepAsync(step).GetAwaiter().GetResult(), report => said += report + Environment.NewLine, threads: 1);
        Console.WriteLine($"Model: {GetType().Name} {jobs} jobs, {workers} workers, {claims} claims: {said.ReplaceLineEndings(" ").Trim()}");
    }

    private void Walk(int count, bool crashes)
    {
        var (pairs, walk, store) = (JobModel.Pairs(Workers, Jobs), 0, Storage);
        ModelledStore Begin() => new(Fixture, store, pairs, $"walk-{Interlocked.Increment(ref walk)}", crashes);
        string? Step(ModelledStore modelled, Transition<ModelState> step)
        {
            var difference = modelled.StepAsync(step).GetAwaiter().GetResult();
            store = modelled.Storage;
            return difference;
        }

        try
        {
            JobModel.Of(Jobs, Workers, claimsMax: 5, crashes).Conform<ModelState, ModelledStore>(Begin, Step, minSteps: 1, maxSteps: StepsMax, iter: count, threads: 1);
        }
        finally
        {
            Use(store);
        }
    }
}
