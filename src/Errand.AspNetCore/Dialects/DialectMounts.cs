using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Errand.AspNetCore;

/// <summary>Where dialects are mapped: maps them, and tells whose a path is.</summary>
internal sealed class DialectMounts
{
    private readonly List<(PathString Path, IWireDialect Dialect)> owned = [];

    public void Map(ErrandApi api, IWireDialect dialect, RouteGroupBuilder group, string prefix, IReadOnlyList<IDialectFilter> filters)
    {
        var gate = new DialectGate(api, dialect, new ApiUrlSource(prefix, api.Options), filters);
        var mark = new DialectMark(dialect);
        foreach (var route in dialect.Routes)
        {
            group.MapMethods(route.Pattern, route.MethodList, gate.Wrap(route)).WithMetadata(mark).WithDisplayName($"Errand {dialect.Name} {route.Methods} {route.Pattern}");
        }

        var fallback = new DialectFallback(gate, dialect.Routes);
        foreach (var reserved in ReservedOf(dialect, prefix))
        {
            group.Map(reserved + "/{**rest}", fallback.Below(reserved)).WithMetadata(mark).WithOrder(int.MaxValue).WithDisplayName($"Errand {dialect.Name}: no such route");
            owned.Add((prefix + reserved, dialect));
        }
    }

    /// <summary>The dialect that a request belongs to; null when it is nobody's.</summary>
    public IWireDialect? Of(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<DialectMark>() is { } mark) return mark.Dialect;
        IWireDialect? found = null;
        var longest = -1;
        foreach (var (path, dialect) in owned)
        {
            if (path.Value!.Length <= longest || !http.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase)) continue;
            (found, longest) = (dialect, path.Value.Length);
        }

        return found;
    }

    private static IEnumerable<string> ReservedOf(IWireDialect dialect, string prefix) =>
        dialect.Reserved.Count > 0 ? dialect.Reserved.Select(path => path.TrimEnd('/')) : prefix.Length > 0 ? [""] : [];

    private sealed record DialectMark(IWireDialect Dialect);
}
