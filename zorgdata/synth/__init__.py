"""The synthetic region: fictitious children, schools and care with the proportions of a real Dutch region."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zorgdata.synth.region import generate
    from zorgdata.synth.summary import SynthSummary

__all__ = ["SynthSummary", "generate"]


def __getattr__(name: str) -> Any:
    """Load numpy and pyarrow only when a region is really made."""
    if name == "generate":
        from zorgdata.synth.region import generate

        return generate
    if name == "SynthSummary":
        from zorgdata.synth.summary import SynthSummary

        return SynthSummary
    raise AttributeError(name)
