using Xunit;

namespace Errand.Conformance.Storage;

/// <summary>The exam that checks that every other exam is sat. Derive it once beside the suites of a provider.</summary>
/// <typeparam name="TFixture">The provider's fixture.</typeparam>
public abstract class SuiteCompleteness<TFixture>
    where TFixture : StorageFixture
{
    /// <summary>Suites that the provider does not sit, each with the reason. Default: none.</summary>
    protected virtual IReadOnlyDictionary<Type, string> Excused { get; } = new Dictionary<Type, string>();

    [Fact]
    public void Every_suite_is_sat()
    {
        var sat = GetType().Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(IClassFixture<TFixture>)))
            .ToList();
        var missing = Suites.Where(suite => !Excused.ContainsKey(suite) && !sat.Exists(type => type.IsSubclassOf(suite))).Select(
            suite => suite.Name);
        Expect.Same(
            [], missing,
            "a provider sits every exam; derive each of these as "
            + $"'sealed class X({typeof(TFixture).Name} f) : XSuite(f), IClassFixture<{typeof(TFixture).Name}>'");
    }

    [Fact]
    public void Every_excuse_has_a_reason_and_a_suite() =>
        Expect.That(
            Excused.All(excuse => Suites.Contains(excuse.Key) && excuse.Value.Length > 20),
            "an excuse names a suite of this library and says in a sentence why the provider cannot sit it");

    /// <summary>The leaves: what other suites share is not an exam of its own.</summary>
    private static List<Type> Suites
    {
        get
        {
            var all = typeof(StorageSuite).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(StorageSuite))).ToList();
            return [.. all.Where(suite => !all.Exists(other => other.IsSubclassOf(suite)))];
        }
    }
}
