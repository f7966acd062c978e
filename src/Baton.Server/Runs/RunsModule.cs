using Baton.Server.Runs.History;
using Baton.Server.Runs.LoggedModels;
using Baton.Server.Runs.Searching;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Baton.Server.Runs;

/// <summary>The two doors of the leg.</summary>
internal static class RunsModule
{
    public static IServiceCollection AddRuns(this IServiceCollection services)
    {
        services.TryAddSingleton<LoggedModelsStore>();
        services.TryAddSingleton<RunLinksStore>();
        services.TryAddSingleton<LogKeys>();
        services.TryAddSingleton<RunsStore>();
        services.TryAddSingleton<CreateExperiment>();
        services.TryAddSingleton<ReadExperiments>();
        services.TryAddSingleton<UpdateExperiment>();
        services.TryAddSingleton<DeleteExperiment>();
        services.TryAddSingleton<ExperimentTags>();
        services.TryAddSingleton<CreateRun>();
        services.TryAddSingleton(provider => new RunSearchStore(provider.GetRequiredService<RunsStore>()));
        services.TryAddSingleton<SearchRuns>();
        services.TryAddSingleton<SearchExperiments>();
        services.TryAddSingleton<SearchLoggedModels>();
        services.TryAddSingleton<ReadRuns>();
        services.TryAddSingleton<ReadRunLinks>();
        services.TryAddSingleton<UpdateRun>();
        services.TryAddSingleton<DeleteRun>();
        services.TryAddSingleton<DeleteTag>();
        services.TryAddSingleton<LogToRun>();
        services.TryAddSingleton<LogInputs>();
        services.TryAddSingleton<LogOutputs>();
        services.TryAddSingleton<LogModel>();
        services.TryAddSingleton<SearchDatasets>();
        services.TryAddSingleton<CreateLoggedModel>();
        services.TryAddSingleton<ReadLoggedModel>();
        services.TryAddSingleton<FinalizeLoggedModel>();
        services.TryAddSingleton<LogToLoggedModel>();
        services.TryAddSingleton<DeleteLoggedModel>();
        services.TryAddSingleton<ArrivalCount>();
        services.TryAddSingleton<ArrivedPoints>();
        services.TryAddSingleton<HistoryStore>();
        services.TryAddSingleton<SeriesStore>();
        services.TryAddSingleton<GetHistory>();
        services.TryAddSingleton<GetHistoryOfRuns>();
        services.TryAddSingleton<SampleHistory>();
        services.TryAddSingleton<GetPoints>();
        services.TryAddSingleton<ListSeries>();
        services.TryAddSingleton<ReadChart>();
        services.TryAddSingleton<GetTexts>();
        services.TryAddSingleton<LogPoints>();
        services.TryAddSingleton<AdoptExperiment>();
        services.TryAddSingleton<AdoptRun>();
        services.TryAddSingleton<AdoptPoints>();
        services.TryAddSingleton<LoggedModels.AdoptLoggedModel>();
        return services;
    }

    public static void MapRuns(this IEndpointRouteBuilder routes)
    {
        CreateExperiment.Map(routes);
        ReadExperiments.Map(routes);
        UpdateExperiment.Map(routes);
        DeleteExperiment.Map(routes);
        ExperimentTags.Map(routes);
        CreateRun.Map(routes);
        SearchRuns.Map(routes);
        SearchExperiments.Map(routes);
        SearchLoggedModels.Map(routes);
        ReadRuns.Map(routes);
        UpdateRun.Map(routes);
        DeleteRun.Map(routes);
        DeleteTag.Map(routes);
        LogToRun.Map(routes);
        LogInputs.Map(routes);
        LogOutputs.Map(routes);
        LogModel.Map(routes);
        SearchDatasets.Map(routes);
        CreateLoggedModel.Map(routes);
        ReadLoggedModel.Map(routes);
        FinalizeLoggedModel.Map(routes);
        LogToLoggedModel.Map(routes);
        DeleteLoggedModel.Map(routes);
        GetHistory.Map(routes);
        GetHistoryOfRuns.Map(routes);
        SampleHistory.Map(routes);
        GetPoints.Map(routes);
        ListSeries.Map(routes);
        GetTexts.Map(routes);
        LogPoints.Map(routes);
    }
}
