using Microsoft.AspNetCore.Http;

namespace Errand.AspNetCore;

/// <summary>A request that nobody sent, for results that write themselves: what they write becomes the job's result.</summary>
internal sealed class EndpointJobHttp : IDisposable
{
    private readonly MemoryStream _body = new();

    public EndpointJobHttp(IServiceProvider services, CancellationToken cancellationToken)
    {
        Context = new DefaultHttpContext { RequestServices = services, RequestAborted = cancellationToken };
        Context.Request.Method = HttpMethods.Post;
        Context.Response.Body = _body;
    }

    public HttpContext Context { get; }

    public ReadOnlyMemory<byte> Body => _body.GetBuffer().AsMemory(0, (int)_body.Length);

    public void Dispose() => _body.Dispose();
}
