namespace Errand.Storage.PostgreSql;

/// <summary>The claims of a node, one after the other.</summary>
internal sealed class ClaimGroup(Database database, Line line)
{
    /// <summary>Up to so many jobs a claim is best made in one statement, which saves round trips; for many jobs the single steps cost the server a quarter less.</summary>
    private const int FewJobs = 50;

    // What the last claim met, so does the next one, as a rule.
    private bool _foundMany;

    public async ValueTask<ClaimOutcome[]> RunAsync(IReadOnlyList<ClaimRequest> asked)
    {
        var given = new ClaimOutcome[asked.Count];
        for (var i = 0; i < given.Length; i++)
        {
            var wanted = WholeClaim.Wanted(asked[i]);
            given[i] = await new Claim(database, line, asked[i], _foundMany ? 0 : Math.Min(wanted, FewJobs)).RunAsync();
            _foundMany = given[i].Jobs.Count >= FewJobs;
        }

        return given;
    }
}
