using System.Diagnostics.CodeAnalysis;
using Xunit;

namespace Errand.Conformance;

/// <summary>Assertions that say why: whoever reads a failure is told the promise that was broken.</summary>
internal static class Expect
{
    public static void That([DoesNotReturnIf(false)] bool condition, string because)
    {
        if (!condition) Assert.Fail($"It must hold because {because}.");
    }

    public static void Equal<T>(T expected, T actual, string because) =>
        That(EqualityComparer<T>.Default.Equals(expected, actual), $"{because}.\nExpected: {expected}\nActual:   {actual}");

    public static void Same<T>(IEnumerable<T> expected, IEnumerable<T> actual, string because)
    {
        var (wanted, found) = (expected.ToList(), actual.ToList());
        That(wanted.SequenceEqual(found), $"{because}.\nExpected: {Show(wanted)}\nActual:   {Show(found)}");
    }

    public static void Bytes(ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> actual, string because) =>
        That(expected.Span.SequenceEqual(actual.Span), $"{because}.\nExpected {expected.Length} bytes, found {actual.Length} other ones");

    public static void Null<T>(T? value, string because) => That(value is null, $"{because}.\nActual: {value}");

    public static T NotNull<T>([NotNull] T? value, string because)
        where T : class
    {
        That(value is not null, because);
        return value;
    }

    public static T NotNull<T>([NotNull] T? value, string because)
        where T : struct
    {
        That(value is not null, because);
        return value.Value;
    }

    private static string Show<T>(List<T> values) =>
        $"{values.Count} [{string.Join(", ", values.Take(30))}{(values.Count > 30 ? ", …" : "")}]";
}
