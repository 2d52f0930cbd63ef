using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Errand.AspNetCore;

/// <summary>Tells endpoints of the app's own who calls.</summary>
public static class ErrandHttpContextExtensions
{
    /// <summary>
    /// Who calls, as the API sees it: by an access token, by credentials that a reader knows, or as <see cref="ErrandApiOptions.MapPrincipal"/> says of the signed-in user. Null: nobody who has
    /// jobs. For submits by the app itself: <c>jobs.For((await http.FindErrandPrincipalAsync())!.Caller)</c>.
    /// </summary>
    public static ValueTask<ErrandPrincipal?> FindErrandPrincipalAsync(this HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return http.RequestServices.GetRequiredService<ErrandApi>().Callers.AuthenticateAsync(http);
    }
}
