"""What a metric, a variant, a theme and a requirement are: the types the TOML files are read into.

The files say what exists; these types say what may be said. Every type is frozen and refuses unknown
fields, so a misspelt field is an error and not a silent default.
"""

from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator


class Unit(StrEnum):
    """What a value is measured in. Shares are stored as fractions; see ``units`` in vocabulary.toml."""

    COUNT = "count"
    SHARE = "share"
    RATIO = "ratio"
    HOURS = "hours"
    HOURS_WEEK = "hours_week"
    DAYS = "days"
    DAYS_WEEK = "days_week"
    YEARS = "years"
    KM = "km"
    EURO = "euro"
    FTE = "fte"
    PER_YEAR = "per_year"
    PER_1000_DAYS = "per_1000_days"
    INDEX = "index"
    SCORE = "score"
    CLASS = "class"


class Disclosure(StrEnum):
    """Which rules of disclosure control a value falls under."""

    COUNT = "count"
    SHARE = "share"
    MEAN = "mean"
    HOURS = "hours"
    MONEY = "money"
    STRUCTURE = "structure"
    SENSITIVE = "sensitive"
    INTERNAL = "internal"


class Status(StrEnum):
    """Where a definition comes from."""

    PUBLISHED = "published"
    ADAPTED = "adapted"
    PROPOSAL = "proposal"


class Direction(StrEnum):
    """What a higher value means to a reader."""

    BETTER = "higher_is_better"
    WORSE = "higher_is_worse"
    NEUTRAL = "neutral"


class Interval(StrEnum):
    """How ``lower`` and ``upper`` are made."""

    NONE = "none"
    WILSON = "wilson"
    BYAR = "byar"
    BOOTSTRAP = "bootstrap"
    SCHOOL_BOOTSTRAP = "school_bootstrap"
    LOG_LOG = "log_log"
    T = "t"


class State(StrEnum):
    """How a requirement is met: by a figure, by the programme register, by a page, or not yet."""

    COMPUTED = "computed"
    REGISTER = "register"
    PAGE = "page"
    NOT_YET = "not_yet"


def _one_line(text: str) -> str:
    return " ".join(text.split())


Text = Annotated[str, AfterValidator(_one_line)]
Words = Annotated[str, Field(min_length=1), AfterValidator(_one_line)]
Names = tuple[str, ...]


class Frozen(BaseModel):
    """A value object read from TOML."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Labelled(Frozen):
    """A word of the vocabulary and how a report prints it."""

    label_nl: Words
    text_nl: Text = ""
    plural_nl: Text = ""


class UnitWord(Labelled):
    """A unit: a reader sees the stored value times ``factor``, with ``symbol``."""

    label_en: Words
    symbol: str
    factor: float


class Source(Labelled):
    """A kind of input; ``input`` is false when a metric would need it and no kind offers it yet."""

    input: bool


class VariantGroup(Labelled):
    """Variants of one group exclude each other; ``required``: a metric with them has no value without."""

    required: bool


class Dimension(Labelled):
    """A breakdown: its values here, in a code list under sql/seeds, or open; which values are sensitive."""

    values: dict[str, str] = {}
    seed: str = ""
    sensitive: Names = ()


class Variant(Frozen):
    """A suffix to a key, and what it changes. A field that is not given leaves the metric as it is."""

    suffix: str
    group: str
    label_nl: Words
    note_nl: Words
    sources: Names = ()
    instead_of: Names = ()
    columns: Names = ()
    gap: int | None = None
    quantile: bool = False
    short_nl: Text | None = None
    definition_nl: Text | None = None
    formula: Text | None = None
    numerator: Text | None = None
    denominator: Text | None = None
    unit: Unit | None = None
    decimals: int | None = None
    periods: Names | None = None
    levels: Names | None = None
    interval: Interval | None = None
    shadow_of: str | None = None
    population: str | None = None
    column: str | None = None
    numerator_column: str | None = None
    denominator_column: str | None = None


#: Fields of a variant that take the place of the metric's own when given.
OVERRIDES = (
    "short_nl",
    "definition_nl",
    "formula",
    "numerator",
    "denominator",
    "unit",
    "decimals",
    "periods",
    "levels",
    "interval",
    "shadow_of",
    "population",
    "column",
    "numerator_column",
    "denominator_column",
)


class Minimum(Frozen):
    """The data a value needs before it exists; less gives null and the status "unknown"."""

    history_years: float = 0  # look-back before the period
    follow_up_days: int = 0  # days after the event that must lie inside the delivered history
    school_years: int = 0  # consecutive 1 October counts
    denominator: int = 0  # smallest denominator
    note_nl: Text = ""


class Metric(Frozen):
    """One figure: what it is called, how it is computed, what it needs and what may be shown of it.

    ``key`` is the value of ``metrics.value.metric``; a metric with variants has one key per variant (see
    ``Catalogue.keys``). Where a denominator is given, the value is numerator / denominator.
    ``shadow_of`` is the count whose suppression it inherits, ``population`` the count that is its known upper
    bound; ``quantile`` marks medians and percentiles. ``column``, ``numerator_column`` and
    ``denominator_column`` name the columns of ``metrics.school`` or ``metrics.point_prevalence`` it equals;
    ``{gap}`` stands for g0 or g28.
    """

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    code: Annotated[str, Field(pattern=r"^[A-K][0-9]{1,2}$")]
    label_nl: Words
    label_en: Words
    short_nl: Words
    definition_nl: Words
    formula: Words
    numerator: Words
    denominator: Text = ""
    unit: Unit
    decimals: Annotated[int, Field(ge=0, le=4)]
    direction: Direction
    levels: Annotated[Names, Field(min_length=1)]
    dimensions: Names = ()
    periods: Annotated[Names, Field(min_length=1)]
    minimum: Minimum = Minimum()
    sources: Names
    columns: Names = ()
    seeds: Names = ()
    status: Status
    origin: Words
    disclosure: Disclosure
    shadow_of: str = ""
    population: str = ""
    quantile: bool = False
    interval: Interval = Interval.NONE
    variants: tuple[Variant, ...] = ()
    caveats_nl: tuple[Words, ...] = ()
    parameters: dict[str, Any] = {}
    column: str = ""
    numerator_column: str = ""
    denominator_column: str = ""
    # Filled when a key with suffixes is resolved.
    base_key: str = ""
    applied: tuple[Variant, ...] = ()

    @model_validator(mode="after")
    def _own_base(self) -> Self:
        if not self.base_key:
            object.__setattr__(self, "base_key", self.key)
        return self

    @property
    def theme(self) -> str:
        """The letter of the theme, A to K."""
        return self.code[0]

    @property
    def gap(self) -> int | None:
        """Tolerated gap in days when a ``_g0`` or ``_g28`` variant is applied."""
        return next((v.gap for v in self.applied if v.gap is not None), None)


class Theme(Frozen):
    """A chapter of the catalogue: its letter, its words for the reader, its metrics in order."""

    letter: Annotated[str, Field(pattern=r"^[A-K]$")]
    key: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    label_nl: Words
    label_en: Words
    intro_nl: Words
    questions_nl: tuple[Words, ...]
    metrics: tuple[Metric, ...] = ()


class Principle(Frozen):
    """One of the shared principles of the region's vision and the metrics that show it."""

    key: str
    label_nl: Words
    text_nl: Words
    metrics: Names


class Texts(Frozen):
    """What a report prints besides figures: terms, reading guide, signs."""

    terms: dict[str, Words]
    reading_guide: tuple[Words, ...]
    signs: dict[str, Words]
    row_statuses: dict[str, Words]
    cell_statuses: dict[str, Words]
    principles: tuple[Principle, ...]
    sources_nl: tuple[Words, ...]


class Vocabulary(Frozen):
    """Every word the catalogue may use, with its label."""

    levels: dict[str, Labelled]
    level_sets: dict[str, Names]
    periods: dict[str, Labelled]
    units: dict[Unit, UnitWord]
    directions: dict[Direction, Labelled]
    statuses: dict[Status, Labelled]
    disclosures: dict[Disclosure, Labelled]
    intervals: dict[Interval, Labelled]
    sources: dict[str, Source]
    pages: dict[str, Labelled]
    variant_groups: dict[str, VariantGroup]
    variants: dict[str, Variant]
    dimensions: dict[str, Dimension]
    caveats: dict[str, Words]


class DimensionName(Frozen):
    """What a dimension and its values are called in another language."""

    label: Words
    values: dict[str, Words] = {}


class Translation(Frozen):
    """Words of a report in another language: lists of the vocabulary, and dimensions with values."""

    levels: dict[str, Words]
    pages: dict[str, Words]
    sources: dict[str, Words]
    dimensions: dict[str, DimensionName]


class Requirement(Frozen):
    """One numbered requirement of the source documents and the places that answer it."""

    number: Annotated[str, Field(pattern=r"^[0-4]\.[0-9]{1,2}$")]
    text_nl: Words
    state: State
    pages: Names = ()
    tables: Names = ()
    note_nl: Text = ""
    metrics: Names = ()  # derived: the metrics that name this number in their seeds
