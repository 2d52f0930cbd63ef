using Microsoft.Extensions.Options;

namespace Errand.Hosting;

internal sealed class ErrandOptionsRules : IValidateOptions<ErrandOptions>
{
    private static readonly TimeSpan BeatMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BeatMax = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TermMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TermMax = TimeSpan.FromMinutes(10);
    private const long BytesMin = 1L << 20;
    private const long BytesMax = 16L << 30;

    public ValidateOptionsResult Validate(string? name, ErrandOptions options)
    {
        var mistakes = Mistakes(options).ToList();
        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }

    private static IEnumerable<string> Mistakes(ErrandOptions options)
    {
        var (beat, term) = (options.BeatEvery, options.SessionTerm);
        if (beat < BeatMin || beat > BeatMax) yield return $"BeatEvery is {beat}; it must be 100 ms to 1 minute.";
        if (term < TermMin || term > TermMax) yield return $"SessionTerm is {term}; it must be 1 second to 10 minutes.";
        if (term < 3 * beat) yield return $"SessionTerm ({term}) must be at least three times BeatEvery ({beat}), so that a late beat is no loss.";
        if (options.OutstandingSubmits is < 1 or > 1_000_000)
        {
            yield return $"OutstandingSubmits is {options.OutstandingSubmits}; it must be 1 to 1,000,000.";
        }

        if (options.OutstandingSubmitBytes is < BytesMin or > BytesMax)
        {
            yield return $"OutstandingSubmitBytes is {options.OutstandingSubmitBytes}; it must be 1 MiB to 16 GiB.";
        }

        if (options.SlowStart < TimeSpan.Zero || options.SlowStart > TermMax)
        {
            yield return $"SlowStart is {options.SlowStart}; it must be 0 to 10 minutes.";
        }

        if (!(options.SlowStartFrom is > 0 and <= 1))
        {
            yield return $"SlowStartFrom is {options.SlowStartFrom}; it must be more than 0 and at most 1.";
        }

        if (options.OutputQuotaPerTenant <= 0)
        {
            yield return $"OutputQuotaPerTenant is {options.OutputQuotaPerTenant}; it must be more than 0, or null for no limit.";
        }
    }
}
