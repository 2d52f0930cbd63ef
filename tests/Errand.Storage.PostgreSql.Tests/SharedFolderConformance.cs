using Errand.Conformance.Storage;

namespace Errand.Storage.PostgreSql.Tests;

/// <summary>Stores whose files lie in a shared folder, a new one for each test.</summary>
public sealed class SharedFolderFixture : PostgreSqlFixture
{
    private readonly string _root = Directory.CreateTempSubdirectory("errand-shared-").FullName;
    private string _folder = "";

    public override ValueTask<IJobStorage> OpenAsync()
    {
        _folder = Directory.CreateDirectory(Path.Combine(_root, Guid.NewGuid().ToString("N"))).FullName;
        return base.OpenAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    private protected override string? OutputFolder => _folder;
}

public sealed class FilesInFolder(SharedFolderFixture fixture) : FilesSuite(fixture), IClassFixture<SharedFolderFixture>;

public sealed class OutputsInFolder(SharedFolderFixture fixture) : OutputSuite(fixture), IClassFixture<SharedFolderFixture>;

public sealed class UploadsInFolder(SharedFolderFixture fixture) : UploadSuite(fixture), IClassFixture<SharedFolderFixture>;
