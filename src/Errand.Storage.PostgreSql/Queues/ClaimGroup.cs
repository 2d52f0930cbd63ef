namespace Errand.Storage.PostgreSql;

/// <summary>The claims of a node, one after the other.</summary>
internal sealed class ClaimGroup(Database database, Line line)
{
    /// <summary>Over so many shelves a claim in one statement locks too much that it does not take.</summary>
    private const int FewShelves = 2;
    private const int FewJobs = 50;

    // What the last claim met, so does the next one, as a rule.
    private bool _foundMany;
    private int _shelves;

    public async ValueTask<ClaimOutcome[]> RunAsync(IReadOnlyList<ClaimRequest> asked)
    {
        var given = new ClaimOutcome[asked.Count];
        for (var i = 0; i < given.Length; i++)
        {
            var wanted = WholeClaim.Wanted(asked[i]);
            var ofShelf = !_foundMany ? Math.Min(wanted, FewJobs) : _shelves <= FewShelves ? wanted : 0;
            var claim = new Claim(database, line, asked[i], ofShelf);
            given[i] = await claim.RunAsync();
            (_foundMany, _shelves) = (given[i].Jobs.Count >= Math.Min(FewJobs, Math.Max(1, wanted)), claim.Shelves);
        }

        return given;
    }
}
