using System.Collections.Concurrent;

namespace Errand.Storage.Sqlite;

/// <summary>
/// Names and the small integers that rows hold in their place. Only the writer adds; anyone reads. A number is never given twice, not
/// even when the transaction that wanted it was rolled back: its row is then written with the next commit.
/// </summary>
internal sealed class Names<TKey>
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, int> _numbers = new();
    private readonly ConcurrentDictionary<int, TKey> _names = new();
    private readonly List<(int Number, TKey Name)> _unsaved = [];
    private int _last;

    public TKey this[int number] => _names[number];

    public void Load(int number, TKey name)
    {
        _numbers[name] = number;
        _names[number] = name;
        _last = Math.Max(_last, number);
    }

    public bool TryFind(TKey name, out int number) => _numbers.TryGetValue(name, out number);

    public int Intern(TKey name)
    {
        if (_numbers.TryGetValue(name, out var number)) return number;
        Load(_last + 1, name);
        _unsaved.Add((_last, name));
        return _last;
    }

    public void Save(Action<int, TKey> insert)
    {
        foreach (var (number, name) in _unsaved) insert(number, name);
    }

    public void Committed() => _unsaved.Clear();
}
