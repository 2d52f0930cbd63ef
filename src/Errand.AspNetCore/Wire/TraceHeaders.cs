using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary>The W3C trace context of a request. What is malformed is dropped here, because it will be sent on to others later.</summary>
internal static class TraceHeaders
{
    public static (string? Parent, string? State) Of(HttpRequest request)
    {
        var headers = request.Headers;
        if (headers.TraceParent is [{ } parent] && ActivityContext.TryParse(parent, null, out _)) return (parent, StateOf(headers.TraceState.ToString()));
        return (Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null, null);
    }

    private static string? StateOf(string state)
    {
        if (state.Length is 0 or > 512) return null;
        foreach (var c in state)
        {
            if (c is < ' ' or > '~') return null;
        }

        return state;
    }
}
