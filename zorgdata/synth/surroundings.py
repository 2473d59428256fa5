"""What surrounds care at school: absence, arrangements, light and collective support, transport, places."""

import numpy as np

from zorgdata.synth import calibration as cal
from zorgdata.synth.calendar import (
    OPEN,
    Bools,
    Floats,
    Ints,
    day,
    days_of,
    school_year_of,
)
from zorgdata.synth.children import Enrolments
from zorgdata.synth.world import World
from zorgdata.synth.write import Columns, dates, decimals, numbers, padded, pick, text

_ARRANGEMENTS = ("begeleiding", "behandelklas", "hulpmiddel", "observatie")
_ROLES = ("ozg", "schoolmaatschappelijk werk", "jeugdverpleegkundige", "wijkteam")
_DESTINATIONS = ("vervolgonderwijs", "werk", "dagbesteding", "geen", "detentie")
_OFFERS = {
    "BO": ("onderwijszorg-generalist", "schoolmaatschappelijk werk", "opvoedspreekuur"),
    "SBO": ("onderwijszorg-generalist", "onderwijszorg-specialist", "vaste partner"),
    "SO": ("onderwijszorg-specialist", "vaste partner", "collectieve inzet", "behandeling op school"),
    "VSO": ("onderwijszorg-specialist", "vaste partner", "collectieve inzet", "toeleiding naar werk"),
    "PRO": ("onderwijszorg-specialist", "vaste partner", "toeleiding naar werk"),
    "VO": ("schoolmaatschappelijk werk", "onderwijszorg-generalist"),
}
TRANSPORT_SHARE = {cal.BO: 0.007, cal.SBO: 0.50, cal.SO: 0.85, cal.VSO: 0.65, cal.PRO: 0.02, cal.VO: 0.004}
"""[own] by type, to about 3 % of pupils [pub]; a region without far children stays somewhat below it."""
TRANSPORT_COST = {2018: 3050, 2019: 3120, 2020: 3200, 2021: 3272, 2022: 3600, 2023: 3978, 2024: 4060}


def persons(world: World, child: Ints) -> Columns:
    """The BSN of children."""
    return {"bsn": padded(world.children.bsn[child], 9)}


def branches(world: World, school: Ints) -> dict[str, object]:
    """BRIN and branch; -1 is no school."""
    known = [*world.schools.brin6, ""]
    return {
        "brin": pick([b[:4] for b in known], school % len(known)),
        "vestiging": pick([b[4:] for b in known], school % len(known)),
    }


def school_years(stays: Enrolments) -> tuple[Ints, Ints, Ints, Ints]:
    """Stays cut by school year: row, year, first and last day, up to the cutoff."""
    begin = np.maximum(stays.start, cal.FIRST_DAY)
    end = np.minimum(stays.end, cal.CUTOFF)
    rows = np.flatnonzero(begin <= end)
    first, last = school_year_of(begin[rows]), school_year_of(end[rows])
    count = last - first + 1
    row = np.repeat(rows, count)
    offset = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    year = np.repeat(first, count) + offset
    start = np.maximum(begin[row], days_of(year, 8, 1))
    stop = np.minimum(end[row], days_of(year + 1, 7, 31))
    return row, year, start, stop


def arrangement_columns(world: World) -> Columns:
    """arrangementen.csv: support by the samenwerkingsverband for a school year, more often beside care."""
    rng = world.streams("arrangements")
    stays = world.stays.take(np.isin(world.stays.type, (cal.BO, cal.VO, cal.SBO)))
    row, _, start, stop = school_years(stays)
    helped = np.zeros(len(world.children.birth), dtype=np.bool_)
    helped[world.trajectories.child] = True
    chance = np.where(helped[stays.child[row]], 0.055, 0.008)
    hit = (rng.random(len(row)) < chance) & (stop - start > 60)
    row, start, stop = row[hit], start[hit], stop[hit]
    n = len(row)
    kind = rng.integers(0, len(_ARRANGEMENTS), n)
    until = np.where(rng.random(n) < 0.25, start + (stop - start) // 2, stop)
    amount = 100 * np.round(np.array([2_400, 5_200, 900, 700])[kind] * rng.uniform(0.6, 1.5, n) / 10) * 10
    return {
        "samenwerkingsverband": pick(world.schools.swv, stays.school[row]),
        **persons(world, stays.child[row]),
        **branches(world, stays.school[row]),
        "soort": pick(_ARRANGEMENTS, kind),
        "begindatum": dates(start),
        "einddatum": dates(until),
        "bedrag": numbers(amount.astype(np.int64)),
    }


def light_columns(world: World) -> Columns:
    """voorveld.csv: free help at school; part of it ends as insufficient just before care begins."""
    rng = world.streams("light")
    stays = world.stays.take(np.isin(world.stays.type, (cal.BO, cal.VO, cal.SBO, cal.PRO)))
    row, year, start, stop = school_years(stays)
    ozg = np.zeros((len(world.schools.names), 2100), dtype=np.bool_)
    for initiative in world.programme.initiatives:
        if initiative.kind == "ozg":
            ozg[list(initiative.schools), int(school_year_of(np.array([initiative.start]))[0]) :] = True
    present = ozg[stays.school[row], year]
    hit = (rng.random(len(row)) < np.where(present, 0.10, 0.018)) & (stop - start > 90)
    row, start, stop, present = row[hit], start[hit], stop[hit], present[hit]
    begin = start + np.floor(rng.random(len(row)) * (stop - start - 60)).astype(np.int64)
    end = np.minimum(begin + 20 + np.round(rng.exponential(60, len(row))).astype(np.int64), stop)
    role = np.where(present | (rng.random(len(row)) < 0.3), 0, rng.integers(1, len(_ROLES), len(row)))
    child, school = stays.child[row], stays.school[row]
    # Before part of the new care through municipal access stands light help that was not enough.
    care = world.trajectories
    via = (
        (world.care.referrer == 1)
        & (care.role == 0)
        & (care.school >= 0)
        & (care.start > cal.FIRST_DAY + 200)
    )
    via &= rng.random(len(via)) < 0.35
    after = np.flatnonzero(via)
    stopped = care.start[after] - rng.integers(3, 80, len(after))
    child = np.concatenate([child, care.child[after]])
    school = np.concatenate([school, care.school[after]])
    begin = np.concatenate([begin, stopped - rng.integers(20, 150, len(after))])
    end = np.concatenate([end, stopped])
    role = np.concatenate([role, np.where(rng.random(len(after)) < 0.6, 0, 1)])
    short = np.concatenate([rng.random(len(row)) < 0.12, np.ones(len(after), dtype=np.bool_)])
    reasons = ("", "zwaardere hulp nodig", "thuissituatie", "diagnose nodig")
    return {
        **persons(world, child),
        **branches(world, school),
        "rol": pick(_ROLES, role),
        "begindatum": dates(begin),
        "einddatum": dates(np.where(end >= cal.CUTOFF, OPEN, end)),
        "uren": decimals(5 * rng.integers(2, 60, len(child))),
        "uitkomst": pick(("voldoende", "onvoldoende"), short.astype(np.int64)),
        "reden_onvoldoende": pick(reasons, np.where(short, 1 + rng.integers(0, 3, len(child)), 0)),
    }


def collective_columns(world: World) -> Columns:
    """collectief.csv: the schools of the initiative, and a few that began before."""
    rng = world.streams("collective")
    school, start = [], []
    for initiative in world.programme.initiatives:
        if initiative.kind == "collectief":
            school += list(initiative.schools)
            start += [initiative.start] * len(initiative.schools)
    early = np.flatnonzero(np.isin(world.schools.type, (cal.SO,)) & (world.programme.partner < 0))[:1]
    school += early.tolist()
    start += [day(2020, 8, 1)] * len(early)
    place, begin = np.array(school, dtype=np.int64), np.array(start, dtype=np.int64)
    size = np.bincount(world.stays.school[world.stays.end > cal.CUTOFF], minlength=len(world.schools.names))
    pupils = np.maximum(size[place], 20)
    fte = np.maximum(1, np.round(pupils / 40)).astype(np.int64)
    partner = np.where(
        world.programme.partner[place] >= 0,
        world.programme.partner[place],
        world.providers.general + rng.integers(0, 8, len(place)),
    )
    return {
        **branches(world, place),
        "aanbieder_agb": padded(world.providers.agb[partner], 8),
        "begindatum": dates(begin),
        "einddatum": dates(np.full(len(place), OPEN)),
        "fte": decimals(10 * fte),
        "uren_per_week": decimals(10 * fte * 28),
        "bedrag": numbers(fte * 8_900_000),
        "bereik": numbers(pupils),
    }


def transport_columns(world: World) -> Columns:
    """vervoer.csv: a provision per school year, its cost as published for the year."""
    rng = world.streams("transport")
    stays = world.stays
    share = np.array([TRANSPORT_SHARE[t] for t in range(len(cal.TYPES))])
    rides = rng.random(len(stays.child)) < share[stays.type]
    stays = stays.take(rides)
    row, year, start, stop = school_years(stays)
    kept = stop - start > 20
    row, year, start, stop = row[kept], year[kept], start[kept], stop[kept]
    yearly: Floats = np.array([TRANSPORT_COST.get(y, 4_140) for y in range(2018, 2027)], dtype=np.float64)
    cost = yearly[year - 2018] * (stop - start + 1) / 365 * rng.uniform(0.5, 1.5, len(row))
    return {
        **persons(world, stays.child[row]),
        **branches(world, stays.school[row]),
        "begindatum": dates(start),
        "einddatum": dates(stop),
        "bedrag": numbers(np.round(cost).astype(np.int64) * 100),
    }


def leaver_columns(world: World) -> Columns:
    """uitstroom.csv: where pupils went after their last secondary school."""
    rng = world.streams("leavers")
    stays = world.stays.take(world.stays.main)
    last = np.ones(len(stays.child), dtype=np.bool_)
    last[:-1] = stays.child[1:] != stays.child[:-1]
    last &= np.isin(stays.type, (cal.VO, cal.PRO, cal.VSO)) & (stays.end <= cal.CUTOFF)
    last &= stays.end >= cal.FIRST_DAY
    gone = stays.take(last)
    table = np.array(
        [[0.93, 0.04, 0.0, 0.028, 0.002], [0.45, 0.42, 0.05, 0.07, 0.01], [0.38, 0.22, 0.28, 0.11, 0.01]]
    )
    kind = np.select([gone.type == cal.VO, gone.type == cal.PRO], [0, 1], 2)
    edge = np.cumsum(table, axis=1)[kind]
    went = np.minimum((rng.random(len(kind))[:, None] > edge).sum(axis=1), len(_DESTINATIONS) - 1)
    return {
        **persons(world, gone.child),
        **branches(world, gone.school),
        "datum": dates(gone.end),
        "bestemming": pick(_DESTINATIONS, went.astype(np.int64)),
    }


def offer_columns(world: World) -> Columns:
    """aanbod.csv: what each type of school should have, and what each school says it has."""
    rng = world.streams("offers")
    rows: list[tuple[str, ...]] = []
    for type_, wanted in _OFFERS.items():
        rows += [(type_, "", "", offer, "j", "") for offer in wanted]
    collective = {s for i in world.programme.initiatives if i.kind == "collectief" for s in i.schools}
    for index, brin6 in enumerate(world.schools.brin6):
        for offer in _OFFERS[cal.TYPES[int(world.schools.type[index])]]:
            has = rng.random() < 0.7
            has = index in collective if offer == "collectieve inzet" else has
            has = world.programme.partner[index] >= 0 if offer == "vaste partner" else has
            rows.append(("", brin6[:4], brin6[4:], offer, "", "j" if has else "n"))
    names = ("schoolsoort", "brin", "vestiging", "aanbod", "vereist", "aanwezig")
    return dict(zip(names, (text(column) for column in zip(*rows, strict=True)), strict=True))


def population_columns(world: World) -> Columns:
    """bevolking.csv: children by municipality, year and age 0 to 17 on 1 January."""
    region, children = world.region, world.children
    parts: list[tuple[Ints, Ints]] = []
    years = range(2018, 2027)
    cells = region.inside * 18
    for year in years:
        on = day(year)
        born: Bools = children.birth < on
        age = np.floor((on - children.birth) / 365.25).astype(np.int64)
        home = np.where(children.moved_on <= on, children.moved_to, children.municipality)
        kept = born & (age >= 0) & (age < 18) & (home < region.inside)
        count = np.bincount(home[kept] * 18 + age[kept], minlength=cells)[:cells]
        parts.append((np.full(cells, year), count))
    year_, count = (np.concatenate([p[i] for p in parts]) for i in range(2))
    cell = np.tile(np.arange(cells), len(years))
    return {
        "gemeentecode": pick(region.municipality_codes, cell // 18),
        "jaar": numbers(year_),
        "leeftijd": numbers(cell % 18),
        "aantal": numbers(count),
    }


def place_columns(world: World) -> Columns:
    """plaatsen.csv: PC4 areas with their municipality and centre."""
    region = world.region
    return {
        "pc4": padded(region.pc4, 4),
        "gemeentecode": pick(region.municipality_codes, region.pc4_municipality),
        "x": numbers(np.round(region.pc4_x).astype(np.int64)),
        "y": numbers(np.round(region.pc4_y).astype(np.int64)),
    }
