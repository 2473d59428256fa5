"""The models that zorgdata ships, together with the functions that some of them name."""

from zorgdata import engine
from zorgdata.assets import asset
from zorgdata.estimates import functions


def shipped_models() -> engine.Models:
    """``sql/`` and the estimates; the engine itself knows neither."""
    return engine.load_models(asset("sql"), functions())
