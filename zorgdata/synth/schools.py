"""Municipalities, school locations, boards: who stands where, how large, how much care is expected."""

from dataclasses import dataclass

import numpy as np

from zorgdata.synth import calibration as cal
from zorgdata.synth.calendar import Floats, Ints
from zorgdata.synth.identifiers import brin, invented_word, place_name
from zorgdata.synth.streams import Streams

PC4_INSIDE, PC4_OUTSIDE = 6, 4
_LABEL = ("Basisschool", "SBO", "SO", "VSO", "Praktijkschool", "College")  # by type
_DISTANCE = {cal.BO: 2.5, cal.SBO: 9.0, cal.SO: 16.0, cal.VSO: 16.0, cal.PRO: 9.0, cal.VO: 6.0}
_CLUSTERS = ("3", "4", "4", "3", "2")


@dataclass(frozen=True)
class Region:
    """The places of one region; municipalities below ``inside`` belong to it, the others lie around it."""

    number: int
    municipality_codes: tuple[str, ...]
    municipality_names: tuple[str, ...]
    inside: int
    weights: Floats
    care_factor: Floats
    x: Floats
    y: Floats
    pc4: Ints
    pc4_municipality: Ints
    pc4_x: Floats
    pc4_y: Floats


@dataclass(frozen=True)
class Schools:
    """One entry per location; ``share`` is the share of pupils with care aimed at on 1 October."""

    brin6: tuple[str, ...]
    names: tuple[str, ...]
    type: Ints
    cluster: tuple[str, ...]
    municipality: Ints
    pc4: Ints
    board: tuple[str, ...]
    swv: tuple[str, ...]
    ikc: Ints
    size: Floats
    share: Floats
    reach: Floats
    """[municipality, school] attraction of a school for children of a municipality, all types together."""


def make_region(streams: Streams, number: int) -> Region:
    """Fourteen municipalities with their weights, four more around them, and their PC4 areas.

    Codes count down from 99xx per region; CBS never issued a code above 1992, PC4 areas only get letters
    that no household has.
    """
    rng = streams("places")
    inside = len(cal.MUNICIPALITIES)
    base = 9900 - 20 * number
    codes = [base + 1 + i for i in range(inside)]
    around = [base + 15 + i if number else 9951 + i for i in range(cal.OUTSIDE_MUNICIPALITIES)]
    table = np.array(cal.MUNICIPALITIES)
    mean = np.average(table[:, 1], weights=table[:, 0])
    angle = np.linspace(0, 2 * np.pi, inside, endpoint=False) + rng.uniform(-0.15, 0.15, inside)
    radius = np.where(np.arange(inside) < 3, 5.0, rng.uniform(13, 21, inside))
    angle_out = np.linspace(0.4, 0.4 + 2 * np.pi, cal.OUTSIDE_MUNICIPALITIES, endpoint=False)
    x = np.concatenate([radius * np.cos(angle), 31 * np.cos(angle_out)])
    y = np.concatenate([radius * np.sin(angle), 31 * np.sin(angle_out)])
    east, north = divmod(number, 5)
    counts = [PC4_INSIDE] * inside + [PC4_OUTSIDE] * cal.OUTSIDE_MUNICIPALITIES
    owner = np.repeat(np.arange(len(counts)), counts)
    spread = rng.uniform(-2.2, 2.2, (2, len(owner)))
    return Region(
        number=number,
        municipality_codes=tuple(str(c) for c in codes + around),
        municipality_names=tuple(place_name(number, i) for i in range(inside + cal.OUTSIDE_MUNICIPALITIES)),
        inside=inside,
        weights=table[:, 0] / table[:, 0].sum(),
        care_factor=np.concatenate(
            [(table[:, 1] / mean) ** cal.MUNICIPAL_POWER, np.ones(cal.OUTSIDE_MUNICIPALITIES)]
        ),
        x=x,
        y=y,
        pc4=9900 - 100 * number + np.arange(len(owner), dtype=np.int64),
        pc4_municipality=owner.astype(np.int64),
        pc4_x=1000 * np.round(x[owner] + spread[0] + 60 + 70 * east, 3),
        pc4_y=1000 * np.round(y[owner] + spread[1] + 360 + 55 * north, 3),
    )


def make_schools(streams: Streams, region: Region, scale: cal.Scale) -> Schools:
    """Locations spread over the municipalities by youth, with sizes, boards and expected care."""
    rng = streams("schools")
    type_ = np.repeat(np.arange(len(cal.TYPES)), scale.schools)
    n = len(type_)
    municipality = np.concatenate([_spread(rng, region.weights, count) for count in scale.schools])
    sigma = np.array([0.50, 0.20, 0.25, 0.45, 0.25, 0.55])[type_]
    size = np.exp(sigma * np.clip(rng.standard_normal(n), -2.0, 1.6) - sigma**2 / 2)
    mean, concentration = np.array([cal.CARE_SHARE[t] for t in range(len(cal.TYPES))]).T[:, type_]
    share = rng.beta(mean * concentration, (1 - mean) * concentration)
    share = _around(
        np.clip(share, np.where(np.isin(type_, cal.SPECIAL), 0.30, 0.030), 0.90), mean, type_, size
    )
    share[np.flatnonzero(type_ == cal.SO)[0]] = cal.HIGHEST_SHARE
    share[np.flatnonzero(type_ == cal.VSO)[-1]] = cal.HIGHEST_SHARE
    share[np.flatnonzero(type_ == cal.BO)[-1]] = cal.LOWEST_SHARE
    # One large VSO draws from the whole region: the location with the most providers.
    size[np.flatnonzero(type_ == cal.VSO)[0]] = 2.6
    pick = rng.integers(0, PC4_INSIDE, n)
    pc4_at = municipality * PC4_INSIDE + pick
    away = np.hypot(region.x[:, None] - region.x[municipality], region.y[:, None] - region.y[municipality])
    reach = size * np.exp(-away / np.array([_DISTANCE[t] for t in range(len(cal.TYPES))])[type_])
    boards = _boards(rng, type_, scale.boards, region.number)
    po = np.isin(type_, (cal.BO, cal.SBO, cal.SO))
    west = municipality % 3 == 0
    swv = tuple(
        f"{'PO' if is_po else 'VO'}99{1 + w + 2 * region.number:02d}"
        for is_po, w in zip(po, west, strict=True)
    )
    return Schools(
        brin6=_brin6(type_, region.number, scale.regions),
        names=tuple(
            f"{_LABEL[t]} {invented_word(i + n * region.number)}" for i, t in enumerate(type_.tolist())
        ),
        type=type_.astype(np.int64),
        cluster=tuple(_CLUSTERS[i % 5] if t in (cal.SO, cal.VSO) else "" for i, t in enumerate(type_)),
        municipality=municipality,
        pc4=region.pc4[pc4_at],
        board=boards,
        swv=swv,
        ikc=((type_ == cal.BO) & (rng.random(n) < 0.25)).astype(np.int64),
        size=size,
        share=share,
        reach=reach,
    )


def _around(share: Floats, mean: Floats, type_: Ints, size: Floats) -> Floats:
    """Shift the odds per type until the mean share is the one aimed at, however few schools there are."""
    for _ in range(20):
        now = np.bincount(type_, share * size) / np.bincount(type_, size)
        ratio = mean / (1 - mean) / (now[type_] / (1 - now[type_]))
        odds = share / (1 - share) * ratio
        share = odds / (1 + odds)
    return share


def _spread(rng: np.random.Generator, weights: Floats, count: int) -> Ints:
    """Municipality of each of ``count`` schools: by weight, with as little chance as possible."""
    expected = weights * count
    whole = np.floor(expected).astype(np.int64)
    keys = expected - whole + 1e-6 * rng.random(len(weights))
    whole[np.argsort(-keys)[: count - whole.sum()]] += 1
    return np.repeat(np.arange(len(weights)), whole).astype(np.int64)


def _boards(rng: np.random.Generator, type_: Ints, count: int, region: int) -> tuple[str, ...]:
    """Boards run schools of one sector: primary, special, secondary."""
    sector = np.array([0, 1, 1, 1, 2, 2])[type_]
    per_sector = (max(1, count * 5 // 8), max(1, count // 8), max(1, count // 4))
    first = np.concatenate([[0], np.cumsum(per_sector)])
    within = np.where(
        rng.random(len(type_)) < 0.12,
        0,
        rng.integers(0, 1_000_000, len(type_)),
    )
    return tuple(
        str(99_001 - 100 * region + first[s] + w % per_sector[s]) for s, w in zip(sector, within, strict=True)
    )


def _brin6(type_: Ints, region: int, regions: int) -> tuple[str, ...]:
    """BRIN with branch: each region has its own block of the 676 codes, schools of a sector share one."""
    block = 676 // regions
    sector = np.array([0, 1, 1, 1, 2, 2])[type_]
    per_code = -(-len(type_) // (block - 3)) if regions > 1 else 1
    codes: list[str] = []
    used = 0
    for s in range(3):
        members = int((sector == s).sum())
        for i in range(members):
            # Secondary schools have branches under one code also where codes abound.
            width = max(per_code, 3 if s == 2 else 1)
            codes.append(f"{brin(region * block + used + i // width)}{i % width:02d}")
        used += -(-members // max(per_code, 3 if s == 2 else 1))
    order = np.argsort(sector, kind="stable")
    out = np.empty(len(type_), dtype=object)
    out[order] = codes
    return tuple(str(c) for c in out)
