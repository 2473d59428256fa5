"""Disclosure limits per audience: defaults that are safe, floors that cannot be passed.

A limit below its default (a threshold of 5, no rounding) needs a recorded ground, printed in the verdict:
the data owner decides it after a DPIA, nobody slips into it. The internal audience never leaves the analyst's
environment and is not limited.
"""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from zorgdata.errors import UsageError

TableSet = Literal["reported", "all"]
Periods = Literal["school_year", "calendar_year", "all"]


class AudienceRules(BaseModel):
    """Limits of one audience (docs/privacy.md explains each).

    ``threshold`` T: fewest children behind a shown count, and fewest left over. ``group_share``: above it a
    share is top-coded. ``rounding_base``: published counts are multiples of it. ``periods``: which one
    classification of time is published. ``table_set``: of single schools and municipalities what reports
    show, or all totals. ``weights``: how dear it is to hide a cell of a level; a parent is dearer than any
    school, so that totals stay readable.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    threshold: int = Field(default=10, ge=5, le=100)
    group_share: float = Field(default=0.90, ge=0.5, le=0.95)
    min_population_counts: int = Field(default=20, ge=10)
    min_population_rates: int = Field(default=30, ge=20)
    min_children_mean: int = Field(default=30, ge=10)
    min_children_quantile: int = Field(default=50, ge=20)
    min_children_flag: int = Field(default=20, ge=10)
    rounding_base: int = Field(default=5, ge=1, le=10)
    cost_base: int = Field(default=1000, ge=1)
    dominance_one: float = Field(default=0.5, gt=0, le=0.75)
    dominance_two: float = Field(default=0.9, gt=0, le=0.95)
    p_percent: int = Field(default=10, ge=5, le=50)
    min_providers_cost: int = Field(default=3, ge=2)
    periods: Periods = "school_year"
    table_set: TableSet = "reported"
    flag_levels: tuple[str, ...] = ("region",)
    unlimited: bool = False
    ground: str = ""
    weights: Mapping[str, float] = Field(default_factory=dict)
    repeat_discount: float = Field(default=0.5, gt=0, le=1)

    @model_validator(mode="after")
    def _grounded(self) -> "AudienceRules":
        loose = [
            name
            for name in _STRICT_UP
            if getattr(self, name) < type(self).model_fields[name].default and not self.unlimited
        ]
        if self.group_share > type(self).model_fields["group_share"].default and not self.unlimited:
            loose.append("group_share")
        if loose and not self.ground.strip():
            raise ValueError(f"{', '.join(loose)} below the default needs a recorded `ground`")
        return self


_STRICT_UP = (
    "threshold",
    "min_population_counts",
    "min_population_rates",
    "min_children_mean",
    "min_children_quantile",
    "min_children_flag",
    "rounding_base",
    "cost_base",
    "p_percent",
)


class PublicRules(AudienceRules):
    """May be put online."""

    unlimited: Literal[False] = False
    rounding_base: int = Field(default=5, ge=5, le=10)
    cost_base: int = Field(default=1000, ge=1000)
    min_children_mean: int = Field(default=30, ge=20)


class ProfessionalRules(AudienceRules):
    """Closed and purpose-bound; looser than public only on recorded ground."""

    unlimited: Literal[False] = False
    flag_levels: tuple[str, ...] = ("region", "swv")


class InternalRules(AudienceRules):
    """The analyst's own environment: nothing is hidden, everything is marked as internal."""

    unlimited: bool = True
    rounding_base: int = Field(default=1, ge=1, le=10)
    periods: Periods = "all"


class DisclosureSettings(BaseModel):
    """The block ``[disclosure]`` of a workspace."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    public: PublicRules = PublicRules()
    professional: ProfessionalRules = ProfessionalRules()
    internal: InternalRules = InternalRules()

    @classmethod
    def of(
        cls, settings: "DisclosureSettings | BaseModel | Mapping[str, Any] | None"
    ) -> "DisclosureSettings":
        """From the workspace's own disclosure block, or whole settings holding one, or nothing (defaults).

        Raises :class:`UsageError` when a limit passes its floor or lacks its ground.
        """
        if isinstance(settings, cls):
            return settings
        block = getattr(settings, "disclosure", settings)
        if isinstance(block, cls):
            return block
        given = block.model_dump(exclude_unset=True) if isinstance(block, BaseModel) else dict(block or {})
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise UsageError(
                f"Setting disclosure.{where}: {first['msg']}.",
                "Limits may be stricter than their default; looser only to the floor and with a `ground`.",
            ) from None

    def rules(self, audience: str) -> AudienceRules:
        """The limits of an audience; :class:`UsageError` for an unknown one."""
        if audience not in ("public", "professional", "internal"):
            raise UsageError(
                f"There is no audience {audience!r}.", "Choose one of: public, professional, internal."
            )
        rules: AudienceRules = getattr(self, audience)
        return rules
