using Microsoft.Extensions.Logging;

namespace Errand.Worker;

/// <summary>
/// Turns what a handler logs into messages of its job. Lines follow the flow of the attempt, so that two jobs never mix; what is logged
/// outside of one is not ours. Never waits: a logger must not.
/// </summary>
internal sealed class AttemptLogger(string category, LogLevel least) : ILogger
{
    private static readonly AsyncLocal<AttemptContext?> Running = new();

    // Our own lines tell operators about the job; they must not become part of it, least of all those about its messages.
    private readonly bool _isOurs = category.StartsWith("Errand.", StringComparison.Ordinal);

    /// <summary>The attempt that the current flow belongs to. Set at its start; ends with the flow.</summary>
    public static AttemptContext? Current
    {
        get => Running.Value;
        set => Running.Value = value;
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel is not LogLevel.None && !_isOurs && Running.Value is not null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel) || Running.Value is not { } context) return;
        var text = formatter(state, exception);

        // The name of the exception and not its text: messages are shown to whoever submitted the job.
        if (exception is not null) text = $"{text} ({exception.GetType().Name})";
        if (text.Length > 0) context.Offer(SeverityOf(logLevel), text);
    }

    private static JobSeverity SeverityOf(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => JobSeverity.Debug,
        LogLevel.Information => JobSeverity.Info,
        LogLevel.Warning => JobSeverity.Warning,
        _ => JobSeverity.Error,
    };
}
