"""How far schools lie apart: funnel limits with the spread beyond chance, estimates pulled to the mean."""

import numpy as np
import pyarrow as pa

from zorgdata.estimates.tables import floats, groups, in_order, table
from zorgdata.stats import funnel_flags, funnel_limits, overdispersion, shrink_binomial

KEYS = ("metric", "period", "reference_date")
SCHEMA = pa.schema(
    [
        ("metric", pa.string()),
        ("period", pa.string()),
        ("reference_date", pa.date32()),
        ("unit_id", pa.string()),
        ("numerator", pa.float64()),
        ("denominator", pa.float64()),
        ("value", pa.float64()),
        ("common", pa.float64()),
        ("phi", pa.float64()),
        ("tau2", pa.float64()),
        ("lower_95", pa.float64()),
        ("upper_95", pa.float64()),
        ("lower_998", pa.float64()),
        ("upper_998", pa.float64()),
        ("flag", pa.string()),
        ("shrunk", pa.float64()),
    ]
)


def schools(rows: pa.Table) -> pa.Table:
    """Shares of schools against what chance and the spread between schools explain.

    Input, one row per metric, moment and school: ``numerator`` and ``denominator`` (above 0). ``common`` is
    θ = ΣX/ΣN; limits at 95 and 99.8 % around it allow for the additive overdispersion τ² (arcsine scale,
    winsorised 10 %); ``phi`` is 1 when chance explains all. ``shrunk`` is the empirical-Bayes estimate of
    Martuzzi and Elliott: for ordering and choosing, never a published figure. With one school there is no
    spread to estimate: φ and τ² are null and the limits those of chance alone. Source: METRICS 4.
    """
    rows = in_order(rows, [*KEYS, "unit_id"])
    x_all, n_all = floats(rows, "numerator"), floats(rows, "denominator")
    units = rows["unit_id"].to_pylist()
    found: list[dict[str, object]] = []
    for key, part in groups(rows, KEYS):
        x, n = x_all[part], n_all[part]
        common = float(x.sum() / n.sum())
        spread = overdispersion(x, n)
        tau2 = spread.tau2 or 0.0
        narrow, wide = (funnel_limits(common, n, level, tau2) for level in (0.95, 0.998))
        flags = funnel_flags(x, n, tau2=tau2)
        shrunk = shrink_binomial(x, n)
        for i, unit in enumerate(units[part]):
            flag = flags[i]
            found.append(
                {
                    **key,
                    "unit_id": unit,
                    "numerator": x[i],
                    "denominator": n[i],
                    "value": x[i] / n[i],
                    "common": common,
                    "phi": spread.phi,
                    "tau2": spread.tau2,
                    "lower_95": narrow.lower[i],
                    "upper_95": narrow.upper[i],
                    "lower_998": wide.lower[i],
                    "upper_998": wide.upper[i],
                    "flag": flag.value if flag is not None else None,
                    "shrunk": np.float64(shrunk[i]),
                }
            )
    return table(SCHEMA, found)
