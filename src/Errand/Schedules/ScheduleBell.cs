using Errand.Signals;

namespace Errand.Schedules;

/// <summary>Wakes the sweep of schedules: one was changed here, or the next one is due.</summary>
internal sealed class ScheduleBell : Pulse;
