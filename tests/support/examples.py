"""How many random regions a test looks at: every one is a build."""

from hypothesis import HealthCheck, Phase, settings


def few(number: int) -> settings:
    """A few regions with many children each, and no shrinking: a smaller region would be a build more."""
    return settings(
        max_examples=number,
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
