namespace Errand.Worker;

/// <summary>Why a handler is told to stop. The first reason stands, but a lost session ends every other.</summary>
internal enum AttemptStop
{
    None,
    Canceled,
    TimedOut,
    PastDeadline,
    Draining,
    Lost,
}
