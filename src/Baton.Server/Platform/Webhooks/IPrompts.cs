using Baton.Database;

namespace Baton.Server.Platform.Webhooks;

/// <summary>Knows which registered models are prompts: MLflow keeps both alike, and tells webhooks of them under different words.</summary>
internal interface IPrompts
{
    Task<bool> IsPromptAsync(Session sql, string project, string model);
}
