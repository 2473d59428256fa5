"""The product table: category, code, care form, weight class, setting, role, tariff, and the usual volume.

Codes and prices follow published lists where there are any (maximum tariffs of one sub-region, 2024); the
mapping to forms, weights and settings is our assumption, as every region has to make its own.
"""

from dataclasses import dataclass

import numpy as np

from zorgdata.synth.calendar import Floats, Ints

MINUTES_WEEK, HOURS_WEEK, HOURS_MONTH, MINUTES_TOTAL, HALF_DAYS, DAYS, PIECES, BUDGET, NONE = range(9)
UNIT = ("01", "04", "04", "01", "16", "14", "82", "83", "")
FREQUENCY = ("2", "2", "4", "6", "2", "1", "4", "6", "")
_MEDIAN = np.array([120.0, 2.0, 7.0, 2_400.0, 4.0, 1.0, 1.0, 350_000.0, 0.0])
_SIGMA = np.array([0.45, 0.45, 0.45, 0.55, 0.40, 0.0, 0.0, 0.5, 0.0])
_STEP = np.array([15.0, 1.0, 1.0, 60.0, 1.0, 1.0, 1.0, 1_000.0, 1.0])


@dataclass(frozen=True)
class Product:
    """One line of the product table; ``share`` is its part of the trajectories of its form."""

    category: str
    code: str
    description: str
    form: str
    weight: str
    setting: str
    role: str
    tariff_cents: int
    tariff_unit: str
    volume: int
    share: float


PRODUCTS = (
    Product("50", "50A01", "Gezinsbegeleiding wijkteam", "01", "licht", "thuis", "overig", 7_800, "uur",
            HOURS_MONTH, 0.60),
    Product("45", "45A03", "Onderwijszorg-generalist", "01", "licht", "school", "ozg", 7_800, "uur",
            MINUTES_WEEK, 0.40),
    Product("45", "45A48", "Begeleiding individueel", "02", "licht", "aanbieder", "overig", 7_800, "uur",
            MINUTES_WEEK, 0.22),
    Product("45", "45A49", "Begeleiding groep", "02", "licht", "aanbieder", "overig", 5_100, "uur",
            HOURS_WEEK, 0.09),
    Product("45", "45A04", "Behandeling ambulant", "02", "specialistisch", "aanbieder", "overig", 9_000,
            "uur", HOURS_MONTH, 0.17),
    Product("54", "54001", "Jeugd-ggz diagnostiek", "02", "specialistisch", "aanbieder", "overig", 11_160,
            "uur", MINUTES_TOTAL, 0.15),
    Product("54", "54002", "Jeugd-ggz behandeling", "02", "specialistisch", "aanbieder", "overig", 11_160,
            "uur", MINUTES_TOTAL, 0.20),
    Product("54", "54003", "Jeugd-ggz hoogspecialistisch", "02", "specialistisch", "aanbieder", "overig",
            13_140, "uur", MINUTES_TOTAL, 0.05),
    Product("45", "45A76", "Ernstige dyslexie", "02", "licht", "school", "overig", 6_840, "uur",
            MINUTES_TOTAL, 0.12),
    Product("41", "41A00", "Dagbehandeling A", "03", "zwaar", "aanbieder", "overig", 6_882, "dagdeel",
            HALF_DAYS, 0.60),
    Product("41", "41A03", "Dagbehandeling B", "03", "zwaar", "aanbieder", "overig", 7_437, "dagdeel",
            HALF_DAYS, 0.40),
    Product("45", "45A05", "Onderwijszorg-specialist", "04", "specialistisch", "school", "ozs", 7_800,
            "uur", MINUTES_WEEK, 0.30),
    Product("45", "45A06", "Behandeling in het gezin", "04", "specialistisch", "thuis", "overig", 9_000,
            "uur", HOURS_WEEK, 0.35),
    Product("50", "50D4A", "Arrangement gezin en jeugdige", "04", "specialistisch", "thuis", "overig",
            114_636, "stuks", PIECES, 0.25),
    Product("50", "50D4B", "Arrangement op maat", "04", "specialistisch", "onbekend", "overig", 100, "euro",
            BUDGET, 0.10),
    Product("44", "44A09", "Pleegzorg", "11", "zwaar", "thuis", "overig", 5_200, "etmaal", DAYS, 1.0),
    Product("44", "44A08", "Gezinshuis", "12", "zwaar", "thuis", "overig", 16_359, "etmaal", DAYS, 1.0),
    Product("43", "43A05", "Gesloten verblijf", "13", "zwaar", "aanbieder", "overig", 31_000, "etmaal", DAYS,
            1.0),
    Product("44", "44A27", "Verblijf met begeleiding", "14", "zwaar", "aanbieder", "overig", 9_506, "etmaal",
            DAYS, 0.60),
    Product("43", "43A10", "Verblijf met behandeling", "14", "zwaar", "aanbieder", "overig", 19_591, "etmaal",
            DAYS, 0.40),
    Product("48", "48A01", "Ondertoezichtstelling", "jb", "zwaar", "onbekend", "overig", 78_000, "stuks",
            PIECES, 1.0),
    Product("47", "47A01", "Jeugdreclassering", "jr", "zwaar", "onbekend", "overig", 62_000, "stuks", PIECES,
            1.0),
)  # fmt: skip

WITHOUT_CODE = (
    Product("41", "", "Dagbehandeling, aspecifiek", "03", "zwaar", "aanbieder", "overig", 0, "", NONE, 0.0),
    Product("45", "", "Ambulant, aspecifiek", "02", "licht", "onbekend", "overig", 0, "", NONE, 0.0),
    Product(
        "54", "", "Jeugd-ggz, aspecifiek", "02", "specialistisch", "aanbieder", "overig", 0, "", NONE, 0.0
    ),
)
"""Category rows: what an indication without product code counts as."""

RAISE = 1.09
"""Tariffs after the contract round are this much higher, beside 2 % a year before it. [own]"""

OWN_CODE = {"45A48": "YS07U"}
"""One municipality has its own code for a product everybody else writes otherwise."""

VOLUME_KIND = np.array([p.volume for p in PRODUCTS], dtype=np.int64)


def volumes(rng: np.random.Generator, kind: Ints, days: Ints, level: Floats) -> Ints:
    """Volume of an indication: integer, in the unit of its kind; totals follow the planned length.

    ``level`` is the size of a trajectory (1 = usual): successive indications stay near each other.
    """
    whole = np.where((kind == MINUTES_TOTAL) | (kind == BUDGET), days / 365.0, 1.0)
    noise = np.exp(0.15 * rng.standard_normal(len(kind)))
    value = _MEDIAN[kind] * whole * np.where(_SIGMA[kind] > 0, level ** (_SIGMA[kind] / 0.45) * noise, 1.0)
    steps = np.maximum(np.round(value / _STEP[kind]), kind != NONE)
    return np.asarray(steps * _STEP[kind], dtype=np.int64)
