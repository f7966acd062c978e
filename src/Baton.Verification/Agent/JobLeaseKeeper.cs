using Baton.Client;
using static System.Net.HttpStatusCode;

namespace Baton.Verification.Agent;

/// <summary>Keeps the lease of one job alive, passes progress on, and notices when the job is to be stopped.</summary>
internal sealed class JobLeaseKeeper : IAsyncDisposable
{
    /// <summary>The server's word for an attempt whose lease has gone to another.</summary>
    public const string Stale = "stale_attempt";

    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(1);

    /// <summary>How often a fault of the server's own is met before it is taken for a lasting one.</summary>
    private const int MostFaults = 60;

    private readonly BatonClient _client;
    private readonly ClaimedJob _job;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ended;
    private readonly CancellationTokenSource _keeping = new();
    private readonly Task _kept;
    private volatile string _progress = "";
    private volatile string? _lostBecause;

    /// <summary>Begins to keep the lease.</summary>
    public JobLeaseKeeper(BatonClient client, ClaimedJob job, TimeProvider time, CancellationToken stop)
    {
        _client = client;
        _job = job;
        _time = time;
        _ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _kept = KeepAsync(TimeSpan.FromSeconds(job.LeaseSeconds));
    }

    /// <summary>What is being done; goes with the next heartbeat.</summary>
    public string Progress
    {
        set => _progress = value;
    }

    /// <summary>Cancelled when the job is to be stopped.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Whether the server took the job away.</summary>
    public bool Lost => _lostBecause is not null;

    /// <summary>Why it did.</summary>
    public string? LostBecause => _lostBecause;

    /// <summary>
    /// Hands in the result: it is worth more than the wait. A server or database that is away is waited for as long as the job is not taken away,
    /// a server that fails for a minute.
    /// </summary>
    public async Task HandInAsync<T>(T result)
        where T : notnull
    {
        var faults = 0;
        while (true)
        {
            try
            {
                await _client.CompleteJobAsync(_job.Id, _job.Attempt, result, Ended);
                return;
            }
            catch (Exception e) when (e is ServerUnreachableException or BatonApiException { Status: BadGateway or ServiceUnavailable or GatewayTimeout }
                || (e is BatonApiException { Status: >= InternalServerError } && ++faults < MostFaults))
            {
                await Task.Delay(RetryEvery, _time, Ended);
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _keeping.CancelAsync();
        await _kept;
        _keeping.Dispose();
        _ended.Dispose();
    }

    private async Task KeepAsync(TimeSpan lease)
    {
        try
        {
            while (true)
            {
                await Task.Delay(lease / 3, _time, _keeping.Token);
                try
                {
                    var answer = await _client.HeartbeatAsync(_job.Id, _job.Attempt, _progress, _keeping.Token);
                    lease = TimeSpan.FromSeconds(answer.LeaseSeconds);
                    if (answer.Cancel)
                        _lostBecause = "it was cancelled";
                }
                catch (BatonApiException e) when (e.Code == Stale)
                {
                    _lostBecause = "another attempt has it now";
                }
                catch (Exception e) when (e is ServerUnreachableException or BatonApiException)
                {
                    // Tried again a third of a lease later; the evidence is worth keeping until the server says otherwise.
                }

                if (_lostBecause is not null)
                {
                    await _ended.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The job is done.
        }
    }
}
