namespace Errand.AspNetCore;

/// <summary>
/// Stands between the checks before a dialect's routes and the routes themselves, for every dialect of the app: what it is shown has passed credentials, rate, scope and size. Register any number
/// as services; the first registered is the outermost. The testing kit's stand-ins for vendors are one.
/// </summary>
public interface IDialectFilter
{
    /// <summary>
    /// Answers, or lets the rest answer. What it throws is told as the same exception of a route would be: in the dialect's words. It may put other clients into <see cref="DialectCall.Clients"/>.
    /// </summary>
    /// <param name="call">The request.</param>
    /// <param name="dialect">Whose it is.</param>
    /// <param name="route">What takes it.</param>
    /// <param name="next">The rest: later filters and the route's answer.</param>
    Task AnswerAsync(DialectCall call, IWireDialect dialect, DialectRoute route, Func<DialectCall, Task> next);
}
