using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Errand.Dialects.Tests.Scenarios;

/// <summary>What the scenarios have to know of a wire: how it asks, and what it calls things. Where its documents have no place for something, it says why.</summary>
public abstract class Wire
{
    /// <summary>The folder of its transcripts.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it spreads when to ask again, so that no two transcripts have the same number.</summary>
    public virtual bool SpreadsRetryAfter => false;

    /// <summary>What a caller needs for everything here.</summary>
    public virtual IReadOnlyList<string> Scopes => [];

    /// <summary>The status of an accepted request.</summary>
    public virtual int Accepted => 202;

    /// <summary>The words for a job that waits, runs, went well, went wrong, was canceled.</summary>
    public abstract IReadOnlyList<string> Words { get; }

    /// <summary>The word for a job that runs and was asked to stop.</summary>
    public virtual string StoppingWord => Words[1];

    /// <summary>Whether its documents have a call that cancels.</summary>
    public virtual bool CanCancel => false;

    /// <summary>Who else is there whose jobs are hidden: another caller of the tenant, or only another tenant.</summary>
    public virtual string ForeignTenant => "acme";

    /// <summary>The status of a job that was there and is purged.</summary>
    public abstract int Gone { get; }

    /// <summary>Why <see cref="Gone"/> is not the native 410; null where it is.</summary>
    public abstract string? WhyNotGone { get; }

    /// <summary>The largest body in bytes.</summary>
    public virtual int BodyBytesMax => 1024 * 1024;

    /// <summary>Asks for work on two rows.</summary>
    public abstract HttpRequestMessage Submit();

    /// <summary>The same request with a body of somebody's own.</summary>
    public HttpRequestMessage Submit(string body)
    {
        var request = Submit();
        request.Content = Json(body);
        return request;
    }

    /// <summary>The id of the job that an accepted request began.</summary>
    public abstract string IdOf(HttpResponseMessage accepted, string body);

    /// <summary>Asks how a job is.</summary>
    public abstract HttpRequestMessage Look(string id);

    /// <summary>The word for how it is.</summary>
    public abstract string WordOf(JsonNode status);

    /// <summary>Reads what a job that went well gave, the wire's own way.</summary>
    public abstract Task CheckOutcomeAsync(ScenarioServer server, HttpClient client, JsonNode status);

    /// <summary>Reads why a job went wrong, and which of its rows did.</summary>
    public abstract Task CheckFailureAsync(HttpClient client, JsonNode status);

    /// <summary>What a caller asks who lacks a scope, or what the wire has in its place; null where its documents know none.</summary>
    public abstract NarrowCall? Narrow { get; }

    /// <summary>Checks that a refusal has the wire's own shape.</summary>
    public abstract void CheckRefusal(int status, HttpResponseMessage answer, string body);

    protected static HttpRequestMessage Ask(string method, string path, string? json = null) => new(new HttpMethod(method), path) { Content = json is null ? null : Json(json) };

    protected static async Task<JsonNode> ReadAsync(HttpClient client, string path) => JsonNode.Parse(await client.GetStringAsync(new Uri(path, UriKind.RelativeOrAbsolute)))!;

    protected static IEnumerable<string> MembersOf(string json) => JsonNode.Parse(json)!.AsObject().Select(member => member.Key);

    private static ByteArrayContent Json(string body) => new(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
}

/// <summary>A request that a caller with too little is refused.</summary>
/// <param name="Request">What is asked, given a job's id.</param>
/// <param name="Scopes">What the caller has.</param>
/// <param name="Status">The refusal.</param>
/// <param name="OpenLook">Why looking at a job is open to such a caller all the same; null where it is refused.</param>
public sealed record NarrowCall(Func<string, HttpRequestMessage> Request, IReadOnlyList<string> Scopes, int Status, string? OpenLook = null);
