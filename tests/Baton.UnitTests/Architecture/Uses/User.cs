namespace Baton.UnitTests.Architecture.Uses;

internal class Base;

internal interface IFace;

internal sealed class Field;

internal sealed class Argument;

internal sealed class Result;

internal sealed class Made;

internal static class Called
{
    public static int Number() => Environment.ProcessId;
}

internal sealed class InLambda;

internal sealed class InAsync;

internal sealed class TypeOf;

internal sealed class Generic;

internal sealed class Caught : Exception;

internal class Bound;

internal struct Local
{
    public int Value;
}

internal sealed class Unused;

[AttributeUsage(AttributeTargets.Method)]
internal sealed class Marked : Attribute;

/// <summary>Uses each of the types above but <see cref="Unused"/>, each in a way of its own.</summary>
internal sealed class User : Base, IFace
{
    private readonly Field? _field = null;

    public object? Held => _field;

    [Marked]
    public Result? Method(Argument? argument) => argument is null ? null : default;

    public object Make() => new Made();

    public int Call() => Called.Number();

    public Func<object> Lambda() => () => new InLambda();

    public async Task<object> MakeAsync()
    {
        await Task.Yield();
        return new InAsync();
    }

    public string Name() => typeof(TypeOf).Name;

    public object List() => new List<Generic[]>();

    public int Catch()
    {
        try
        {
            return Call();
        }
        catch (Caught)
        {
            return 0;
        }
    }

    public void Constrained<T>()
        where T : Bound
    {
    }

    public int Locals()
    {
        Local local = default;
        local.Value = Call();
        return local.Value;
    }
}
