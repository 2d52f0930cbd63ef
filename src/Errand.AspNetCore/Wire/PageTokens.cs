using System.Buffers.Binary;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary>
/// Page tokens: a place in a list, readable by nobody else, good only for the same caller, path and parameters. They grant nothing: the
/// list checks again what the caller may see.
/// </summary>
internal static class PageTokens
{
    /// <summary>Makes the token of a place. <paramref name="numbers"/> are what the list needs to go on.</summary>
    public static ValueTask<string> SealAsync(ApiCall call, params long[] numbers)
    {
        var content = new byte[numbers.Length * 8];
        for (var i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteInt64BigEndian(content.AsSpan(i * 8), numbers[i]);
        return call.Api.Sealer.SealAsync(PurposeOf(call), content, call.Aborted);
    }

    /// <summary>The numbers of the token in the query; null when there is none.</summary>
    public static async ValueTask<long[]?> OpenAsync(ApiCall call, int count)
    {
        if (QueryParameters.Text(call.Request, "pageToken") is not { } text) return null;
        var content = await call.Api.Sealer.OpenAsync(PurposeOf(call), text, call.Aborted);
        if (content is null || content.Length != count * 8) throw NotOurs();
        var numbers = new long[count];
        for (var i = 0; i < count; i++) numbers[i] = BinaryPrimitives.ReadInt64BigEndian(content.AsSpan(i * 8));
        return numbers;
    }

    /// <summary>Makes the token of a place that is a name.</summary>
    public static ValueTask<string> SealTextAsync(ApiCall call, string name) =>
        call.Api.Sealer.SealAsync(PurposeOf(call), Encoding.UTF8.GetBytes(name), call.Aborted);

    /// <summary>The name of the token in the query; null when there is none.</summary>
    public static async ValueTask<string?> OpenTextAsync(ApiCall call)
    {
        if (QueryParameters.Text(call.Request, "pageToken") is not { } text) return null;
        return await call.Api.Sealer.OpenAsync(PurposeOf(call), text, call.Aborted) is { } content ? Encoding.UTF8.GetString(content) : throw NotOurs();
    }

    private static ApiProblemException NotOurs() => new(new ApiProblem(
        ProblemCatalog.InvalidPageToken, "Give a pageToken back unchanged, with the same other parameters. To begin anew, leave it out.")
    { Parameter = "pageToken" });

    private static string PurposeOf(ApiCall call)
    {
        var query = call.Request.Query.Where(q => q.Key is not ("pageToken" or "pageSize")).OrderBy(q => q.Key, StringComparer.Ordinal).Select(q => $"{q.Key}={q.Value}");
        var caller = call.Principal.Caller;
        return $"page\n{call.Request.Path}\n{caller.Tenant}\n{(caller.SeesAll ? "*" : caller.Subject)}\n{string.Join('\n', query)}";
    }
}
