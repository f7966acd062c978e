using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Baton.Testing;

/// <summary>Waiting for what another thread or process will do.</summary>
public static class Wait
{
    /// <summary>Asks again and again until the answer is yes.</summary>
    /// <exception cref="TimeoutException">It did not become true in time; the condition is named.</exception>
    public static Task UntilAsync(Func<bool> condition, TimeSpan timeout, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        UntilAsync(() => Task.FromResult(condition()), timeout, what);

    /// <summary>Asks again and again until the answer is yes.</summary>
    /// <exception cref="TimeoutException">It did not become true in time; the condition is named.</exception>
    public static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan timeout, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > timeout)
                throw new TimeoutException($"After {timeout.TotalSeconds:0.#} s this was still not so: {what}");
            await Task.Delay(20);
        }
    }
}
