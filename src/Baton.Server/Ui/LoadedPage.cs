using Microsoft.AspNetCore.Components;

namespace Baton.Server.Ui;

/// <summary>
/// A page that is rendered once, when all it shows is there. A plain component renders first and again after it has loaded, so that every page
/// would have to stand without its content.
/// </summary>
public abstract class LoadedPage : ComponentBase
{
    /// <inheritdoc />
    public sealed override async Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        await LoadAsync();
        await base.SetParametersAsync(ParameterView.Empty);
    }

    /// <summary>Reads what the page shows; its parameters are set.</summary>
    protected abstract Task LoadAsync();
}
