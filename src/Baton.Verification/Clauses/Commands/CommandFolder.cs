using Baton.Contracts;
using Baton.Storage.Tables;
using Baton.Verification.Reference;

namespace Baton.Verification.Clauses.Commands;

/// <summary>What a command is told of: written once for all commands of a contract, removed at the end.</summary>
internal sealed class CommandFolder : IDisposable
{
    private string? _folder;
    private CommandRequest? _request;

    /// <summary>The request, with its files written.</summary>
    public async Task<CommandRequest> FilledAsync(VerificationSession session, CancellationToken cancellation)
    {
        if (_request is not null)
            return _request;
        var (input, candidate) = (session.Input, session.Candidate);
        _folder = Directory.CreateTempSubdirectory("baton-check-").FullName;
        var (claims, predictions) = (Path.Combine(_folder, "claims.json"), Path.Combine(_folder, "predictions.parquet"));
        await File.WriteAllTextAsync(claims, Documents.Write(input.Claims), cancellation);
        await using (var file = File.Create(predictions))
            await ParquetFile.WriteAsync(file, new Table([.. Columns(candidate.Rows, candidate.Answers)]), cancellation);
        return _request = new CommandRequest(
            input.Contract.Model, Path.GetFullPath(input.PackageDirectory), Path.GetFullPath(input.ReferenceFile!), claims, predictions, candidate.Rows.Columns);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        try
        {
            if (_folder is not null)
                Directory.Delete(_folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A temporary folder that the system will clear.
        }
    }

    private static IEnumerable<Column> Columns(ReferenceRows rows, Answers answers)
    {
        yield return new Column("id", rows.Ids);
        if (answers.Predictions is { } predictions)
            yield return predictions.Numbers is { } numbers ? new Column("prediction", numbers) : new Column("prediction", Enumerable.Range(0, predictions.Count).Select(i => predictions[i]).ToArray());
        if (answers.Scores is { } scores)
            yield return new Column("score", scores);
        for (var k = 0; k < answers.ClassScores?.FirstOrDefault()?.Length; k++)
            yield return new Column($"scores[{k}]", Array.ConvertAll(answers.ClassScores, s => s[k]));
    }
}

/// <summary>What a command gets on its input, as JSON.</summary>
/// <param name="Model">The registered model.</param>
/// <param name="Package">Folder of the package.</param>
/// <param name="Reference">The reference predictions (Parquet).</param>
/// <param name="Claims">The claims (JSON).</param>
/// <param name="Predictions">What the model answered here (Parquet: id, prediction, score or scores[k]).</param>
/// <param name="Columns">Which column of the reference predictions is what.</param>
internal sealed record CommandRequest(string Model, string Package, string Reference, string Claims, string Predictions, ReferenceColumns Columns);
