using System.Collections;

namespace Errand.Conformance.Model;

/// <summary>A fixed row of values that is equal to another with the same values: what a model's state is made of.</summary>
internal sealed class Values<T>(params T[] values) : IEquatable<Values<T>>, IEnumerable<T>
    where T : IEquatable<T>
{
    public int Count => values.Length;

    public T this[int place] => values[place];

    /// <summary>The same with another value in one place.</summary>
    public Values<T> With(int place, T value)
    {
        var copy = (T[])values.Clone();
        copy[place] = value;
        return new Values<T>(copy);
    }

    /// <summary>The same with every value made anew.</summary>
    public Values<T> Map(Func<T, T> make) => new([.. values.Select(make)]);

    public bool Equals(Values<T>? other) => other is not null && values.AsSpan().SequenceEqual(other.Span);

    public override bool Equals(object? obj) => Equals(obj as Values<T>);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var value in values) hash.Add(value);
        return hash.ToHashCode();
    }

    public override string ToString() => string.Join(' ', values);

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)values).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private ReadOnlySpan<T> Span => values;
}
