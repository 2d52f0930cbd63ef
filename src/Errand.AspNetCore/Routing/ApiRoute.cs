using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary>One route of the native API: what the gate checks, what the document says, and what answers.</summary>
/// <param name="Name">The operation's name: <c>getJob</c>.</param>
/// <param name="Methods">The methods, separated by spaces; <c>GET</c> brings <c>HEAD</c> along.</param>
/// <param name="Pattern">The path below the prefix.</param>
/// <param name="Scope">The scope that is needed; null for a route that is open to everyone.</param>
/// <param name="Answer">What answers.</param>
internal sealed record ApiRoute(string Name, string Methods, string Pattern, string? Scope, Func<ApiCall, Task> Answer)
{
    /// <summary>The operation in one sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>The group in the document.</summary>
    public required string Tag { get; init; }

    /// <summary>The query parameters; every other one is refused, because a filter that is silently dropped is dangerous.</summary>
    public IReadOnlyList<ApiParameter> Query { get; init; } = [];

    /// <summary>The request headers that mean something here.</summary>
    public IReadOnlyList<ApiParameter> Headers { get; init; } = [];

    /// <summary>The media types of the body; empty when there is none.</summary>
    public IReadOnlyList<string> Consumes { get; init; } = [];

    /// <summary>The type of the body, for the document.</summary>
    public Type? Body { get; init; }

    /// <summary>True when the body may be left out.</summary>
    public bool BodyOptional { get; init; }

    /// <summary>True for bodies that are streamed and may be large.</summary>
    public bool LargeBody { get; init; }

    /// <summary>The largest body, where it differs from the usual.</summary>
    public long? BodyBytesMax { get; init; }

    /// <summary>The media types of the answer; empty when Accept does not matter.</summary>
    public IReadOnlyList<string> Produces { get; init; } = ["application/json"];

    /// <summary>The answers, for the document; errors that every route has are added.</summary>
    public IReadOnlyList<ApiReply> Replies { get; init; } = [];

    /// <summary>True when a ticket can stand in for a token.</summary>
    public bool TakesTicket { get; init; }

    /// <summary>A further scope that a request needs because of what it asks for.</summary>
    public Func<HttpRequest, string?>? ExtraScope { get; init; }

    /// <summary>Left out of the document: an alias.</summary>
    public bool Hidden { get; init; }

    public long LimitOf(ErrandApiOptions options) => LargeBody ? options.UploadBytesMax : BodyBytesMax ?? options.BodyBytesMax;

    public string[] MethodList { get; } = Methods == "GET" ? ["GET", "HEAD"] : Methods.Split(' ');
}

/// <summary>A query parameter or a request header.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does.</param>
/// <param name="Type">The JSON type of its value.</param>
internal sealed record ApiParameter(string Name, string Description, string Type = "string")
{
    /// <summary>True for a family: <c>label.</c>NAME.</summary>
    public bool IsPrefix => Name.EndsWith('.');
}

/// <summary>An answer.</summary>
/// <param name="Status">The status.</param>
/// <param name="Description">When it is given.</param>
/// <param name="Body">The type of its body; null for none.</param>
/// <param name="Headers">The headers that mean something.</param>
internal sealed record ApiReply(int Status, string Description, Type? Body = null, params string[] Headers)
{
    /// <summary>The media type, where it is not JSON.</summary>
    public string? MediaType { get; init; }
}
