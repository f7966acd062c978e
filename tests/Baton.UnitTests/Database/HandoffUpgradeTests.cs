using Baton.Database;
using Baton.Testing;
using Xunit;

namespace Baton.UnitTests.Database;

/// <summary>The step that numbers contracts takes along those from before, with their signatures.</summary>
public sealed class HandoffUpgradeTests
{
    private const string Signed =
        """
        INSERT INTO contracts (project, model, digest, document, status, proposed_by, proposed_at)
        VALUES ('p', 'm', 'b', 'y', 'in_force', 'u', 20), ('p', 'm', 'a', 'y', 'superseded', 'u', 10), ('p', 'm', 'c', 'y', 'proposed', 'u', 20), ('p', 'n', 'a', 'y', 'in_force', 'u', 30);
        INSERT INTO contract_signatures (project, model, digest, side, actor, signed_at) VALUES ('p', 'm', 'b', 'model', 'u', 21), ('p', 'm', 'b', 'service', 'u', 22);
        """;

    [Theory, EachDatabase]
    public async Task Contracts_from_before_have_a_number_each_and_stay_signed(Engine engine)
    {
        await using var test = await TestDatabase.CreateAsync(engine);
        IReadOnlyList<Migration> Old(Engine of) => [.. Migration.Embedded(of).Where(step => step.Number < 21)];
        await using (var old = await BatonDatabase.OpenAsync(test.Connection, TimeProvider.System, Old))
            await old.WriteAsync(session => session.ExecuteAsync(Signed));

        await using var database = await test.OpenAsync();

        Assert.Equal(
            ["m a 1.0.0 superseded", "m b 2.0.0 in_force", "m c 3.0.0 proposed", "n a 1.0.0 in_force"],
            await QueryAsync(database, "SELECT model || ' ' || digest || ' ' || version || ' ' || status FROM contracts ORDER BY 1"));
        Assert.Equal(["b model u 21", "b service u 22"], await QueryAsync(database, "SELECT digest || ' ' || side || ' ' || actor || ' ' || signed_at FROM contract_signatures ORDER BY 1"));
    }

    private static Task<IReadOnlyList<string>> QueryAsync(BatonDatabase database, string sql) => database.ReadAsync(session => session.QueryAsync<string>(sql));
}
