using System.Text;
using Baton.Client;
using Baton.Contracts;
using Baton.Testing;
using Baton.Verification.Agent;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Baton.UnitTests.Verification.Agent;

/// <summary>What an agent brings into the folder of a job.</summary>
public sealed class JobFolderTests : IDisposable
{
    private readonly TempDirectory _folder = new();
    private readonly Dictionary<string, byte[]> _server = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Data_that_claims_name_lie_below_their_paths_and_the_holdout_beside_the_reference()
    {
        using var job = JobFolder.Create(_folder.File("job"));
        var request = Request(Put("training rows"), Put("held out"));

        Assert.Null(await job.FillAsync(request, Cache(), default));

        Assert.Equal("training rows", await File.ReadAllTextAsync(_folder.File("job", "data", "flights", "train.parquet")));
        Assert.Equal("held out", await File.ReadAllTextAsync(_folder.File("job", "holdout.parquet")));
        Assert.False(File.Exists(_folder.File("job", "data", "only-a-digest")));
    }

    [Fact]
    public async Task Data_that_are_not_what_was_sealed_are_told_and_a_corrupt_holdout_is_left_out()
    {
        var (data, holdout) = (Put("training rows"), Put("held out"));
        _server[holdout] = [1];
        using (var job = JobFolder.Create(_folder.File("job")))
        {
            Assert.Null(await job.FillAsync(Request(data, holdout), Cache(), default));
            Assert.False(File.Exists(_folder.File("job", "holdout.parquet")));
        }

        _server[data] = [1];
        using var again = JobFolder.Create(_folder.File("again"));
        Assert.Equal(data, (await again.FillAsync(Request(data, holdout), Cache("other"), default))!.Digest);
    }

    [Fact]
    public async Task Data_whose_path_leads_out_of_the_folder_are_not_brought()
    {
        using var job = JobFolder.Create(_folder.File("job"));
        var request = Request(Put("training rows"), Put("held out"));
        request = request with { Claims = request.Claims with { Data = [request.Claims.Data[0] with { Path = "../../evil" }] } };
        await Assert.ThrowsAsync<InvalidDataException>(() => job.FillAsync(request, Cache(), default));
    }

    private static VerificationRequest Request(string data, string holdout) => new()
    {
        Model = "m",
        Contract = "model: m\nclauses: {memory: {peak: {max: 1 MiB}}}\n",
        Package = Manifest.Of([]),
        Claims = new Claims
        {
            Model = "m",
            Package = Manifest.Of([]),
            Framework = new FrameworkClaim { Format = "onnx", ModelFile = "m", Name = "made-up", Version = "1", IrVersion = 8, Opsets = new Dictionary<string, long>() },
            Parameters = new ParameterClaim(1, new Dictionary<string, long>()),
            Interface = new InterfaceClaim { Inputs = [], Outputs = [] },
            Data =
            [
                new DatasetClaim { Role = "training", Name = "flights", Path = "flights/train.parquet", Sha256 = data },
                new DatasetClaim { Role = "test", Name = "only-a-digest", Sha256 = data },
            ],
        },
        Holdout = new HoldoutDataset("autumn", holdout, 1, new ReferenceColumns { Id = "id", Label = "late" }),
    };

    private string Put(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var digest = Digests.Sha256(bytes);
        _server[digest] = bytes;
        return digest;
    }

    /// <summary>Checks on the way, as the client does.</summary>
    private BlobCache Cache(string name = "cache") => new(_folder.File(name), 1000, new FakeTimeProvider(), async (digest, to, cancellation) =>
    {
        if (Digests.Sha256(_server[digest]) is var actual && actual != digest)
            throw new DigestMismatchException("the server", digest, actual);
        await File.WriteAllBytesAsync(to, _server[digest], cancellation);
    });
}
