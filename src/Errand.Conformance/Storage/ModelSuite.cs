using CsCheck;
using Errand.Conformance.Model;
using Xunit;

namespace Errand.Conformance.Storage;

/// <summary>
/// Random walks of the model of a job's life, walked by the store too: after each step the two must agree on every job, on orphans and on counts. A walk in which they differ is shrunk to the
/// shortest that still does.
/// </summary>
public abstract class ModelSuite(StorageFixture fixture) : StorageSuite(fixture)
{
    private const int Workers = 3;
    private const int Jobs = 3;
    private const int StepsMax = 40;

    /// <summary>How many walks are walked. Default: 100, or 300 with <c>ERRAND_TESTS=long</c>: each walk leaves its lanes to be counted by all that come after.</summary>
    protected virtual int Count => Environment.GetEnvironmentVariable("ERRAND_TESTS") == "long" ? 300 : 100;

    // Off the test's own context: the walks wait for each step where they are.
    [Fact]
    public virtual Task The_store_goes_every_way_of_the_model() => Task.Run(() => Walk(Count, crashes: false), Stop);

    [Fact]
    public virtual Task The_store_goes_every_way_of_the_model_although_it_crashes() => Task.Run(() => Walk(Count / 5, crashes: true), Stop);

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
