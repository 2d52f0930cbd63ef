using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Errand.Worker;

/// <summary>Gives out <see cref="AttemptLogger"/>s once <see cref="WorkerOptions.MessagesFrom"/> names a level; silent ones otherwise.</summary>
[ProviderAlias("ErrandJob")]
internal sealed class AttemptLoggerProvider(IOptions<WorkerOptions> options) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) =>
        options.Value.MessagesFrom is LogLevel.None ? NullLogger.Instance : new AttemptLogger(categoryName, options.Value.MessagesFrom);

    public void Dispose()
    {
    }
}
