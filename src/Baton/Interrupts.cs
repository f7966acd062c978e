using System.Runtime.InteropServices;

namespace Baton;

/// <summary>Turns Ctrl-C, SIGTERM and a closed terminal into one cancellation. A second Ctrl-C ends the process at once.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;

    public Interrupts()
    {
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(s => PosixSignalRegistration.Create(s, OnSignal))];
    }

    public CancellationToken Stop => _stop.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _stop.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = !(_stop.IsCancellationRequested && context.Signal == PosixSignal.SIGINT);
        _stop.Cancel();
    }
}
