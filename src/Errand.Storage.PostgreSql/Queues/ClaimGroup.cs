namespace Errand.Storage.PostgreSql;

/// <summary>The claims of a node, one after the other. Where the last one found something, so does the next one, as a rule.</summary>
internal sealed class ClaimGroup(Database database)
{
    private bool _foundWork;

    public async ValueTask<ClaimOutcome[]> RunAsync(IReadOnlyList<ClaimRequest> asked)
    {
        var given = new ClaimOutcome[asked.Count];
        for (var i = 0; i < given.Length; i++)
        {
            given[i] = await new Claim(database, asked[i], _foundWork).RunAsync();
            _foundWork = given[i].Jobs.Count > 0;
        }

        return given;
    }
}
