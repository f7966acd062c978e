namespace Baton.Statistics;

/// <summary>The standard normal distribution.</summary>
public static class Normal
{
    /// <summary>The value that a share of the distribution does not exceed, to about 1e-15 of itself (Wichura 1988, algorithm AS 241).</summary>
    /// <param name="share">Above 0 and below 1.</param>
    public static double Quantile(double share)
    {
        if (share is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "A share lies between 0 and 1.");
        var fromMiddle = share - 0.5;
        if (Math.Abs(fromMiddle) <= 0.425)
        {
            var r = 0.180625 - (fromMiddle * fromMiddle);
            return fromMiddle * Ratio(r, MiddleAbove, MiddleBelow);
        }

        var tail = Math.Sqrt(-Math.Log(fromMiddle < 0 ? share : 1 - share));
        var value = tail <= 5 ? Ratio(tail - 1.6, NearAbove, NearBelow) : Ratio(tail - 5, FarAbove, FarBelow);
        return fromMiddle < 0 ? -value : value;
    }

    /// <summary>Share of the distribution that lies above a value, precise in the far tail as well.</summary>
    public static double Above(double value)
    {
        if (value < 0)
            return 1 - Above(-value);
        // Series of the middle, continued fraction of the tail.
        if (value < 2.5)
        {
            double term = value, sum = value;
            for (var n = 1; Math.Abs(term) > 1e-18 * sum && n < 200; n++)
                sum += term *= value * value / ((2 * n) + 1);
            return 0.5 - (Density(value) * sum);
        }

        var fraction = 0.0;
        for (var n = 120; n >= 1; n--)
            fraction = n / (value + fraction);
        return Density(value) / (value + fraction);
    }

    private static double Density(double value) => Math.Exp(-value * value / 2) / Math.Sqrt(2 * Math.PI);

    private static double Ratio(double r, ReadOnlySpan<double> above, ReadOnlySpan<double> below) => Polynomial(r, above) / Polynomial(r, below);

    private static double Polynomial(double r, ReadOnlySpan<double> coefficients)
    {
        var sum = 0.0;
        for (var i = coefficients.Length - 1; i >= 0; i--)
            sum = (sum * r) + coefficients[i];
        return sum;
    }

    private static ReadOnlySpan<double> MiddleAbove =>
    [
        3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
        45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
    ];

    private static ReadOnlySpan<double> MiddleBelow =>
    [
        1, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077,
        21213.794301586595867, 39307.895800092710610, 28729.085735721942674, 5226.4952788528545610,
    ];

    private static ReadOnlySpan<double> NearAbove =>
    [
        1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
        1.27045825245236838258, 0.241780725177450611770, 0.0227238449892691845833, 7.74545014278341407640e-4,
    ];

    private static ReadOnlySpan<double> NearBelow =>
    [
        1, 2.05319162663775882187, 1.67638483018380384940, 0.689767334985100004550,
        0.148103976427480074590, 0.0151986665636164571966, 5.47593808499534494600e-4, 1.05075007164441684324e-9,
    ];

    private static ReadOnlySpan<double> FarAbove =>
    [
        6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 0.296560571828504891230,
        0.0265321895265761230930, 0.00124266094738807843860, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
    ];

    private static ReadOnlySpan<double> FarBelow =>
    [
        1, 0.599832206555887937690, 0.136929880922735805310, 0.0148753612908506148525,
        7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15,
    ];
}
