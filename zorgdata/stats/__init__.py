"""Intervals, funnels, shrinkage, survival, continuity and effect estimates: pure functions on numbers.

No function here reads a file, a table or a clock; random draws have a fixed seed. Undefined is ``None`` for a
single number and NaN in an array. scipy is imported on first use, so that importing this costs numpy only.
"""

from zorgdata.stats._numbers import Interval
from zorgdata.stats.before_after import (
    RegressionToMean,
    VarianceComponents,
    difference_in_differences,
    regression_to_mean,
    variance_components,
)
from zorgdata.stats.bootstrap import cluster_bootstrap
from zorgdata.stats.continuity import Continuity, continuity
from zorgdata.stats.funnel import (
    FunnelFlag,
    Overdispersion,
    funnel_flags,
    funnel_limits,
    overdispersion,
    ratio_flags,
    ratio_funnel_limits,
    z_scores,
)
from zorgdata.stats.group_time import (
    EventTime,
    GroupTime,
    GroupTimeEffects,
    RandomisationRank,
    group_time_att,
)
from zorgdata.stats.hours import hours_per_day
from zorgdata.stats.intervals import (
    Certainty,
    byar,
    certainty,
    expected_events,
    indirect_ratio,
    jeffreys,
    mean_interval,
    wilson,
)
from zorgdata.stats.panel import Panel
from zorgdata.stats.second_opinion import SecondOpinion, second_opinion
from zorgdata.stats.series import (
    Regression,
    SegmentedSeries,
    newey_west,
    segmented_counts,
    segmented_series,
)
from zorgdata.stats.shrinkage import shrink_binomial, shrink_poisson
from zorgdata.stats.survival import SurvivalCurve, kaplan_meier

__all__ = [
    "Certainty",
    "Continuity",
    "EventTime",
    "FunnelFlag",
    "GroupTime",
    "GroupTimeEffects",
    "Interval",
    "Overdispersion",
    "Panel",
    "RandomisationRank",
    "Regression",
    "RegressionToMean",
    "SecondOpinion",
    "SegmentedSeries",
    "SurvivalCurve",
    "VarianceComponents",
    "byar",
    "certainty",
    "cluster_bootstrap",
    "continuity",
    "difference_in_differences",
    "expected_events",
    "funnel_flags",
    "funnel_limits",
    "group_time_att",
    "hours_per_day",
    "indirect_ratio",
    "jeffreys",
    "kaplan_meier",
    "mean_interval",
    "newey_west",
    "overdispersion",
    "ratio_flags",
    "ratio_funnel_limits",
    "regression_to_mean",
    "second_opinion",
    "segmented_counts",
    "segmented_series",
    "shrink_binomial",
    "shrink_poisson",
    "variance_components",
    "wilson",
    "z_scores",
]
