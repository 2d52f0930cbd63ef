using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Errand.OAuth;

/// <summary>
/// <c>//oauth2/token</c>, as clients write it whose configured address is a host and a slash. No route can begin with an empty word, so it is tidied before there are routes; no other
/// path is touched.
/// </summary>
internal sealed class LeadingSlashes : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((http, rest) =>
        {
            if (http.Request.Path.Value is ['/', '/', ..] path && TokenAddress.Find(path) is { } address) http.Request.Path = address.Path;
            return rest(http);
        });
        next(app);
    };
}
