using Errand.Conformance.Storage;

namespace Errand.Storage.Memory.Tests;

/// <summary>The exam of the exams: what was not derived is named.</summary>
public sealed class SuiteCompletenessTests
{
    [Fact]
    public void A_suite_that_is_not_sat_is_named()
    {
        var failure = Assert.ThrowsAny<Exception>(() => new Lazy(new()).Every_suite_is_sat());

        Assert.Contains(nameof(ClaimSuite), failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(nameof(ChangeSuite), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_excuse_needs_a_reason()
    {
        new Lazy(new() { [typeof(ClaimSuite)] = "It keeps files only, and so gives no jobs." }).Every_excuse_has_a_reason_and_a_suite();
        Assert.ThrowsAny<Exception>(() => new Lazy(new() { [typeof(ClaimSuite)] = "no" }).Every_excuse_has_a_reason_and_a_suite());
    }

    private abstract class UnsatFixture : StorageFixture;

    private sealed class Lazy(Dictionary<Type, string> excused) : SuiteCompleteness<UnsatFixture>
    {
        protected override IReadOnlyDictionary<Type, string> Excused => excused;
    }
}
