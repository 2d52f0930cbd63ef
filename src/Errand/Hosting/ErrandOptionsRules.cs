using Microsoft.Extensions.Options;

namespace Errand.Hosting;

internal sealed class ErrandOptionsRules : IValidateOptions<ErrandOptions>
{
    public ValidateOptionsResult Validate(string? name, ErrandOptions options)
    {
        List<string> mistakes = [];
        Check(options.BeatEvery >= TimeSpan.FromMilliseconds(100) && options.BeatEvery <= TimeSpan.FromMinutes(1), $"BeatEvery is {options.BeatEvery}; it must be 100 ms to 1 minute.");
        Check(options.SessionTerm >= TimeSpan.FromSeconds(1) && options.SessionTerm <= TimeSpan.FromMinutes(10), $"SessionTerm is {options.SessionTerm}; it must be 1 second to 10 minutes.");
        Check(options.SessionTerm >= 3 * options.BeatEvery, $"SessionTerm ({options.SessionTerm}) must be at least three times BeatEvery ({options.BeatEvery}), so that a late beat loses nothing.");
        Check(options.OutstandingSubmits is >= 1 and <= 1_000_000, $"OutstandingSubmits is {options.OutstandingSubmits}; it must be 1 to 1,000,000.");
        Check(options.OutstandingSubmitBytes is >= 1L << 20 and <= 16L << 30, $"OutstandingSubmitBytes is {options.OutstandingSubmitBytes}; it must be 1 MiB to 16 GiB.");
        Check(options.OutputQuotaPerTenant is null or > 0, $"OutputQuotaPerTenant is {options.OutputQuotaPerTenant}; it must be more than 0, or null for no limit.");
        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);

        void Check(bool right, string mistake)
        {
            if (!right) mistakes.Add(mistake);
        }
    }
}
