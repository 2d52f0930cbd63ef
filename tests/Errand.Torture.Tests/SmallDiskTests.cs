using Errand.Torture.Processes;

namespace Errand.Torture.Tests;

public sealed class SmallDiskTests
{
    [Fact]
    public async Task A_disk_is_filled_although_it_grows_while_it_is_looked_at()
    {
        var (used, size) = (217, 2048);
        Task<bool> Resize(int megabytes)
        {
            // Two more megabytes are written between the look and the resize.
            used += 2;
            if (megabytes < used) return Task.FromResult(false);
            size = megabytes;
            return Task.FromResult(true);
        }

        Assert.True(await SmallDisk.FillAsync(() => used, Resize));
        Assert.InRange(size - used, 0, 2);
    }

    [Fact]
    public async Task A_disk_that_cannot_be_made_smaller_is_not_filled() => Assert.False(await SmallDisk.FillAsync(() => 1, _ => Task.FromResult(false)));
}
