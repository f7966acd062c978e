using Baton.Server.Platform.Events;

namespace Baton.Server.Platform.Jobs;

/// <summary>Work for agents was queued.</summary>
internal sealed class JobSignal : Signal;
