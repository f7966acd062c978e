namespace Baton.Statistics;

/// <summary>What a metric needs of rows.</summary>
[Flags]
public enum MetricNeeds
{
    /// <summary>Nothing but rows.</summary>
    None = 0,

    /// <summary>The truth, a number a row.</summary>
    Labels = 1,

    /// <summary>Predicted values or classes, as the model gives them.</summary>
    Predictions = 1 << 1,

    /// <summary>Predicted classes: predictions, else the class of the greatest class score, else scores of at least the threshold.</summary>
    Classes = 1 << 2,

    /// <summary>A score a row.</summary>
    Scores = 1 << 3,

    /// <summary>Class scores, else scores of the positive class.</summary>
    Probabilities = 1 << 4,

    /// <summary>A score a class.</summary>
    ClassScores = 1 << 5,

    /// <summary>True label sets: shape [rows, labels], 0 or 1.</summary>
    LabelSets = 1 << 6,

    /// <summary>Predicted label sets: shape [rows, labels], 0 or 1.</summary>
    PredictedSets = 1 << 7,

    /// <summary>A score a label: shape [rows, labels].</summary>
    LabelScores = 1 << 8,

    /// <summary>The query that a row answers.</summary>
    Queries = 1 << 9,

    /// <summary>Features: shape [rows, features].</summary>
    Features = 1 << 10,

    /// <summary>Lower and upper end of a predicted interval.</summary>
    Intervals = 1 << 11,

    /// <summary>Error of the naive forecast, in the units of labels.</summary>
    NaiveErrors = 1 << 12,

    /// <summary>What each pair of true and predicted class costs.</summary>
    Costs = 1 << 13,

    /// <summary>Values of a sensitive column.</summary>
    Sensitive = 1 << 14,
}
