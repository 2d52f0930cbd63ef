using System.Security.Cryptography;
using Errand.Cli.Clients;
using Errand.Client;
using Errand.Contracts;

namespace Errand.Cli.Jobs;

/// <summary>Fetches outputs into a folder. A file appears under its name only when all its bytes are there and have the digest.</summary>
internal sealed class OutputDownloads(ClientRun run, DirectoryInfo folder)
{
    /// <summary>Fetches every output in every format, or in one; prints the names and returns how many.</summary>
    public async Task<int> FetchAsync(
        string id, IAsyncEnumerable<OutputResource> outputs, string? format, CancellationToken cancellationToken)
    {
        folder.Create();
        var files = 0;
        await foreach (var output in outputs)
        {
            foreach (var rendering in output.Formats.Where(f => format is null || f.Format == format))
            {
                run.Terminal.Out.WriteLine(await FetchAsync(id, output, rendering, cancellationToken));
                files++;
            }
        }

        return files;
    }

    private async Task<string> FetchAsync(
        string id, OutputResource output, OutputFormatResource rendering, CancellationToken cancellationToken)
    {
        using var download = await run.Client.OpenOutputAsync(id, output.Id, rendering.Format, cancellationToken);
        var target = Path.Combine(folder.FullName, NameOf(download, output, rendering));
        var partial = target + ".partial";
        try
        {
            var digest = await WriteAsync(download.Content, partial, cancellationToken);
            if (digest != rendering.Digest) throw new CliException(
                ExitCodes.Unexpected, $"{output.FileName} came with the digest {digest}; {rendering.Digest} was promised. Try again.");
            File.Move(partial, target, overwrite: true);
            return Shown(target);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static string Shown(string file)
    {
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), file);
        return relative.StartsWith("..", StringComparison.Ordinal) ? file : relative;
    }

    private static async Task<string> WriteAsync(Stream content, string file, CancellationToken cancellationToken)
    {
        using var hash = SHA256.Create();
        await using (var target = File.Create(file))
        await using (var hashing = new CryptoStream(target, hash, CryptoStreamMode.Write))
        {
            await content.CopyToAsync(hashing, cancellationToken);
        }

        return $"sha-256=:{Convert.ToBase64String(hash.Hash!)}:";
    }

    // A name comes from a job: it must stay within the folder.
    private static string NameOf(Download download, OutputResource output, OutputFormatResource rendering)
    {
        var name = download.FileName ?? $"{Path.GetFileNameWithoutExtension(output.FileName)}.{rendering.Format}";
        return name is "" or "." or ".." ? $"{output.Id}.{rendering.Format}" : Path.GetFileName(name);
    }
}
