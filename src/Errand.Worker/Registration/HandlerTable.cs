namespace Errand.Worker;

/// <summary>Every type that this process can run, by name and former name.</summary>
internal sealed class HandlerTable
{
    private readonly Dictionary<string, HandlerRegistration> _byName = new(StringComparer.Ordinal);

    /// <exception cref="InvalidOperationException">Two registrations claim one name.</exception>
    public HandlerTable(IEnumerable<IHandlerCatalog> catalogs)
    {
        foreach (var registration in catalogs.SelectMany(catalog => catalog.Handlers).Where(registration => registration.Create is not null))
        {
            Add(registration.Type.Name, registration);
            foreach (var alias in registration.Type.Aliases) Add(alias, registration);
        }
    }

    /// <summary>The names to claim by, aliases included.</summary>
    public IReadOnlyList<string> Names => [.. _byName.Keys.Order(StringComparer.Ordinal)];

    public HandlerRegistration? Find(string type) => _byName.GetValueOrDefault(type);

    private void Add(string name, HandlerRegistration registration)
    {
        if (_byName.TryAdd(name, registration)) return;
        var other = _byName[name];
        throw new InvalidOperationException(
            $"Two handlers are registered for the name '{name}': {Describe(other)} and {Describe(registration)}. "
            + "Remove one AddHandler line, or give one of them another name.");
    }

    private static string Describe(HandlerRegistration registration) =>
        registration.Type.Aliases.Count is 0
            ? $"type '{registration.Type.Name}' ({registration.Type.Handler}{Said(registration.Type)})"
            : $"type '{registration.Type.Name}' with aliases {string.Join(", ", registration.Type.Aliases)} ({registration.Type.Handler}{Said(registration.Type)})";

    private static string Said(JobType type) => type.Description is null ? "" : $": {type.Description}";
}
