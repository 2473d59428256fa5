"""Other estimators on the same panel, to see how much the answer hangs on the method."""

from dataclasses import dataclass

import numpy as np

from zorgdata.stats._numbers import Scalar, scalar
from zorgdata.stats.panel import Panel, layout


@dataclass(frozen=True)
class SecondOpinion:
    """Average effect by two other routes, in the unit of the panel's values.

    ``imputation`` (Borusyak, Jaravel & Spiess 2024): expected value of treated cells from school and period
    effects fitted on untreated cells only; ``None`` when not identified for any treated cell.
    ``two_way`` (two-way fixed effects): printed as a warning only, since with staggered starts and changing
    effects it weighs some of them negatively. The estimators weigh differently: say which one is shown.
    """

    imputation: Scalar
    two_way: Scalar


def second_opinion(panel: Panel) -> SecondOpinion:
    """Imputation and two-way fixed-effects estimates on the balanced, unweighted panel.

    Treated cells in a period without untreated schools cannot be imputed and are left out.
    """
    grid = layout(panel)
    treated = grid.periods[np.newaxis, :] >= grid.cohort[:, np.newaxis]
    if not np.any(treated):
        return SecondOpinion(None, None)
    d = treated.astype(np.float64)
    residual = d - d.mean(axis=1, keepdims=True) - d.mean(axis=0, keepdims=True) + d.mean()
    within = float(np.sum(residual**2))
    two_way = scalar(np.sum(residual * grid.y) / within) if within > 1e-12 else None

    # School effects drop out by subtracting each school's mean over its untreated periods; what is left is
    # a small system in the period effects, with the first period as reference.
    free = (~treated).astype(np.float64)
    identified = free.sum(axis=0) > 0
    count = free.sum(axis=1)
    own_mean = np.sum(free * grid.y, axis=1) / count
    share = free / count[:, np.newaxis]
    normal = np.diag(free.sum(axis=0)) - free.T @ share
    right = np.sum(free * (grid.y - own_mean[:, np.newaxis]), axis=0)
    period_effect = np.linalg.lstsq(normal, right, rcond=None)[0]
    school_effect = own_mean - share @ period_effect
    gap = grid.y - school_effect[:, np.newaxis] - period_effect[np.newaxis, :]
    cells = treated & identified[np.newaxis, :]
    return SecondOpinion(scalar(np.mean(gap[cells])) if np.any(cells) else None, two_way)
