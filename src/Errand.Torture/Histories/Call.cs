namespace Errand.Torture.Histories;

/// <summary>A call as its caller saw it. Both instants are of one monotonic clock.</summary>
/// <param name="Begun">When it was made.</param>
/// <param name="Ended">When its answer came; null when none did: it has its effect some time after it was made, or never.</param>
/// <param name="What">What was asked and answered.</param>
internal sealed record Call<T>(long Begun, long? Ended, T What);
