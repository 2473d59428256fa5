"""A plausible protected publication: 24 fictitious schools, six school years, and every kind of cell.

It goes through the same door as real figures (``certify``), holds suppressed, top-coded, provisional and
missing cells, and depends on nothing but its seed.
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from zorgdata.catalogue import load
from zorgdata.disclosure.notation import above, number, percent
from zorgdata.disclosure.table import Cell, certify
from zorgdata.report.model import Check, Delivery, Figures, Period, Publication, ReportInputs, Unit

YEARS = tuple(f"{y}-{y + 1}" for y in range(2019, 2025))
MUNICIPALITIES = {"9901": "Eikendam", "9902": "Vennermeer", "9903": "Oud-Wolde", "9904": "Hoogland aan Zee"}
SCHOOLS = (
    ("De Vuurtoren", "BO", "9901", 312, 0.06),
    ("De Zilverberk", "BO", "9901", 224, 0.08),
    ("Het Kompas", "BO", "9902", 187, 0.11),
    ("De Klinker", "BO", "9902", 148, 0.09),
    ("De Duizendpoot", "BO", "9903", 96, 0.07),
    ("Sint-Maartenschool", "BO", "9903", 251, 0.13),
    ("De Waterlelie", "BO", "9904", 175, 0.05),
    ("De Regenboogschool", "BO", "9904", 208, 0.12),
    ("Kindcentrum De Horizon", "BO", "9901", 402, 0.10),
    ("De Opstap", "SBO", "9901", 118, 0.42),
    ("De Springplank", "SBO", "9902", 97, 0.51),
    ("De Brug", "SBO", "9904", 84, 0.38),
    ("De Lichtbaak", "SO", "9901", 92, 0.71),
    ("Het Palet", "SO", "9903", 68, 0.66),
    ("De Zonnehoek", "SO", "9902", 54, 0.93),
    ("De Windroos", "SO/VSO", "9904", 134, 0.74),
    ("De Steiger", "VSO", "9901", 156, 0.63),
    ("Het Anker", "VSO", "9902", 121, 0.69),
    ("De Passer", "VSO", "9903", 47, 0.80),
    ("Praktijkcollege Noord", "PRO", "9901", 167, 0.46),
    ("Praktijkschool De Hoeve", "PRO", "9903", 139, 0.41),
    ("Waldhof Lyceum", "VO", "9901", 1140, 0.07),
    ("Het Noorderpoort College", "VO", "9902", 870, 0.10),
    ("Scholengemeenschap De Dijk", "VO", "9904", 655, 0.09),
)


def school_units() -> tuple[Unit, ...]:
    """The schools with their fictitious BRIN6."""
    return tuple(
        Unit("school", f"99{chr(65 + i // 10)}{chr(65 + i % 10)}00", name, kind, municipality)
        for i, (name, kind, municipality, _, _) in enumerate(SCHOOLS)
    )


def _cell(
    metric: str,
    level: str,
    unit: str,
    period: str,
    value: float | None,
    unit_kind: str,
    *,
    on_date: bool = True,
    decimals: int = 1,
) -> Cell:
    reference = f"{period[:4]}-10-01" if on_date else ""
    if value is None:
        return Cell(metric, level, unit, period, reference, "", "", None, ".", "suppressed")
    if unit_kind == "share":
        if value > 0.9:
            return Cell(metric, level, unit, period, reference, "", "", 0.9, above(0.9), "top_coded")
        return Cell(
            metric, level, unit, period, reference, "", "", round(value, 2), percent(round(value, 2)), "shown"
        )
    places = 0 if unit_kind == "count" else decimals
    rounded = float(5 * round(value / 5)) if unit_kind == "count" else round(value, places)
    return Cell(metric, level, unit, period, reference, "", "", rounded, number(rounded, places), "shown")


def _plain(metric: str, unit: str, period: str, value: float) -> Cell:
    return Cell(
        metric, "school", unit, period, f"{period[:4]}-10-01", "", "", float(value), number(value), "shown"
    )


def cells(seed: int = 7) -> Iterator[Cell]:
    """Every protected cell of the publication."""
    dice = random.Random(seed)
    groups: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for unit, (_, kind, place, pupils, share) in zip(school_units(), SCHOOLS, strict=True):
        drift = dice.uniform(-0.01, 0.03)
        for i, year in enumerate(YEARS):
            if unit.name == "Praktijkschool De Hoeve" and i < 2:
                continue  # opened later: no cell at all
            size = round(pupils * (1 + dice.uniform(-0.03, 0.03)))
            rate = min(
                0.97,
                max(
                    0.02, share + drift * (i - 3) * (1 if share > 0.3 else 0.25) + dice.uniform(-0.012, 0.012)
                ),
            )
            if i == 5:
                rate *= 0.97  # the newest deliveries are not complete yet
            care = rate * size
            hidden = care < 10 or (size - care < 10 and rate <= 0.9)
            yield _cell("pupils_enrolled", "school", unit.unit_id, year, size, "count")
            yield _cell(
                "pupils_with_care",
                "school",
                unit.unit_id,
                year,
                None if hidden or rate > 0.9 else care,
                "count",
            )
            yield _cell("care_share", "school", unit.unit_id, year, None if hidden else rate, "share")
            for level, key in (("region", "region"), ("school_type", kind), ("school_municipality", place)):
                groups.setdefault((f"{level}|{key}", year), []).append((size, care))
            if not hidden:
                count = max(1, round(care**0.72 * dice.uniform(0.8, 1.1)))
                yield _plain("providers_per_school", unit.unit_id, year, count)
                effective = max(1.0, count * dice.uniform(0.35, 0.6))
                yield _cell("effective_providers_on_date", "school", unit.unit_id, year, effective, "ratio")
                yield _cell(
                    "largest_provider_share_on_date",
                    "school",
                    unit.unit_id,
                    year,
                    min(0.85, 1.3 / effective),
                    "share",
                )
                yield _plain("municipalities_per_school", unit.unit_id, year, min(4, 1 + round(rate * 4)))
            elif i == 5:
                yield _cell("providers_per_school", "school", unit.unit_id, year, None, "count")
                yield _cell("effective_providers_on_date", "school", unit.unit_id, year, None, "ratio")
    for (name, year), parts in groups.items():
        level, key = name.split("|")
        size, care = sum(p[0] for p in parts), sum(p[1] for p in parts)
        i = YEARS.index(year)
        hours = care * (2.1 + 0.06 * i + (0.7 if key in ("SO", "VSO", "SO/VSO") else 0))
        yield _cell("pupils_enrolled", level, key, year, size, "count")
        yield _cell("pupils_with_care", level, key, year, care, "count")
        yield _cell("care_share", level, key, year, care / size, "share")
        yield _cell("assigned_hours_week", level, key, year, hours, "count")
        yield _cell("hours_per_care_pupil", level, key, year, hours / care, "ratio")
        if level == "region":
            for metric, value, kind in (
                ("switches_per_careyear_g28", 0.52 - 0.02 * i, "ratio"),
                ("main_cover", 0.81 + 0.01 * i, "ratio"),
                ("short_indication_share", 0.61 - 0.015 * i, "share"),
                ("renewal_share_any_g28", 0.58 + 0.01 * i, "share"),
                ("horizon_match", 0.34 + 0.01 * i, "ratio"),
            ):
                yield _cell(metric, level, key, year, value, kind, on_date=False, decimals=2)
            yield _cell("link_rate", level, key, year, 0.88, "share", on_date=False)


def periods() -> tuple[Period, ...]:
    """Six school years, the last one provisional."""
    return tuple(
        Period(y, date(int(y[:4]), 8, 1), date(int(y[5:]), 7, 31), provisional=y == YEARS[-1]) for y in YEARS
    )


def units() -> tuple[Unit, ...]:
    """All labelled units."""
    return (
        Unit("region", "region", "Regio Vennerland"),
        *(
            Unit(level, code, name)
            for level in ("school_municipality", "responsible_municipality")
            for code, name in MUNICIPALITIES.items()
        ),
        *(Unit("school_type", kind, kind) for kind in sorted({s[1] for s in SCHOOLS})),
        *school_units(),
    )


DELIVERIES = (
    *(
        Delivery("indications", code, 2, date(2025, 2, 3), 1840 + 311 * i, 1822 + 311 * i, 12, 6)
        for i, code in enumerate(MUNICIPALITIES)
    ),
    Delivery("enrolments", "", 24, date(2025, 1, 20), 6110, 6104, 6, 0),
    Delivery("schools", "", 1, date(2025, 1, 6), 24, 24, 0, 0),
    Delivery("providers", "", 1, date(2025, 1, 6), 71, 71, 0, 0),
    Delivery("products", "", 1, date(2025, 1, 6), 206, 205, 0, 1),
)
CHECKS = (
    Check("school_known", "error", "passed", 0, 24, ""),
    Check(
        "delivery_complete",
        "warn",
        "failed",
        1,
        4,
        "Hoogland aan Zee leverde over het vierde kwartaal minder indicaties dan verwacht.",
    ),
    Check("pupil_once", "warn", "passed", 0, 6104, ""),
)


def inputs(audience: str = "public", **changes: object) -> ReportInputs:
    """Inputs of a report on this region; ``changes`` replaces fields."""
    found = ReportInputs(
        figures=Figures.of(certify(audience, list(cells()))),
        catalogue=load(),
        units=units(),
        periods=periods(),
        deliveries=DELIVERIES,
        checks=CHECKS,
        publication=Publication("2025-02-04-a1b2c3", audience, date(2025, 1, 31), 4210, 3688),
        audience=audience,
        period=YEARS[-1],
        as_of=date(2025, 2, 4),
        region=Unit("region", "region", "Regio Vennerland"),
        contact="monitor@vennerland.example",
    )
    return replace(found, **changes)  # type: ignore[arg-type]
