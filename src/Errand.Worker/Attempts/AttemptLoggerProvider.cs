using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Errand.Worker;

/// <summary>Gives out <see cref="AttemptLogger"/>s once <see cref="WorkerOptions.MessagesFrom"/> names a level; silent ones otherwise.</summary>
[ProviderAlias("ErrandJob")]
internal sealed class AttemptLoggerProvider(IOptions<WorkerOptions> options) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => Level is LogLevel.None ? NullLogger.Instance : new AttemptLogger(categoryName, Level);

    // Loggers are made before anything is checked: wrong options are told when the host starts, all together.
    private LogLevel Level
    {
        get
        {
            try
            {
                return options.Value.MessagesFrom;
            }
            catch (OptionsValidationException)
            {
                return LogLevel.None;
            }
        }
    }

    public void Dispose()
    {
    }
}
