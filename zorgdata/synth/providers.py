"""Providers of care: who they are, which consortium they belong to, and at which schools they work."""

from dataclasses import dataclass

import numpy as np

from zorgdata.synth import calibration as cal
from zorgdata.synth.calendar import Bools, Floats, Ints
from zorgdata.synth.identifiers import agb, invented_word
from zorgdata.synth.streams import Streams, choose

_BLOCK = 380
_GI = 2
_CONSORTIA = 5


@dataclass(frozen=True)
class Providers:
    """One entry per provider: first the municipal teams, then residential ones, GIs, and all others.

    ``consortium`` and ``consortium_later`` are indexes, -1 for none; they differ where the contract round
    moved a provider to another consortium.
    """

    agb: Ints
    names: tuple[str, ...]
    parent: Ints
    consortium: Ints
    consortium_later: Ints
    teams: int
    residential: tuple[int, int]
    protection: tuple[int, int]
    popularity: Floats

    @property
    def general(self) -> int:
        """Index of the first provider of ambulatory care."""
        return self.protection[1]


@dataclass(frozen=True)
class Offer:
    """Which providers work for the children of a place: ``member[place, k]`` with ``weight[place, k]``."""

    member: Ints
    weight: Floats


def make_providers(streams: Streams, region: int, count: int, teams: int) -> Providers:
    """``count`` providers with AGB codes of the region's own block of 41990000..41999999."""
    rng = streams("providers")
    residential = (teams, teams + max(4, count // 16))
    protection = (residential[1], residential[1] + _GI)
    general = protection[1]
    parent = np.full(count, -1, dtype=np.int64)
    children = general + np.flatnonzero(rng.random(count - general) < 0.10)
    parent[children] = general + rng.integers(0, max(1, (count - general) // 6), len(children))
    parent[parent == np.arange(count)] = -1
    parent[parent[np.maximum(parent, 0)] >= 0] = -1
    rank = np.arange(count - general) + 2.0
    popularity = np.concatenate([np.zeros(general), rank**-cal.POPULARITY_POWER])
    inside = rng.random(count) < np.where(np.arange(count) < general + (count - general) // 3, 0.75, 0.10)
    inside &= np.arange(count) >= general
    consortium = np.where(inside, rng.integers(0, _CONSORTIA, count), -1)
    later = np.where(inside & (rng.random(count) < 0.12), (consortium + 1) % _CONSORTIA, consortium)
    serial = region * _BLOCK + np.arange(count, dtype=np.int64)
    kind = ["Wijkteam"] * teams
    kind += ["Woonzorg"] * (residential[1] - residential[0]) + ["Jeugdbescherming"] * _GI
    kind += ["Jeugdhulp" if i % 3 else "Praktijk" for i in range(count - general)]
    return Providers(
        agb=np.asarray(agb(serial)),
        names=tuple(
            f"{k} {invented_word(6_900 - int(s) % 6_800)}" for k, s in zip(kind, serial, strict=True)
        ),
        parent=parent,
        consortium=consortium.astype(np.int64),
        consortium_later=later.astype(np.int64),
        teams=teams,
        residential=residential,
        protection=protection,
        popularity=popularity,
    )


def make_offer(streams: Streams, providers: Providers, care: Floats, partner: Ints) -> Offer:
    """Providers at each place: their number negative binomial around ``care ** 0.75``, at most 69.

    ``care`` is the expected number of care pupils in a year; ``partner`` a fixed partner or -1. Within a
    place a few providers do most (weight by rank).
    """
    rng = streams("offer")
    places, general = len(care), providers.general
    mean = np.maximum(care, 1.0) ** cal.PROVIDERS_POWER
    r = cal.PROVIDERS_DISPERSION
    available = len(providers.agb) - general
    number = np.clip(rng.negative_binomial(r, r / (r + mean)), 1, min(cal.PROVIDERS_OFFERED, available))
    number[np.argmax(mean)] = min(cal.PROVIDERS_OFFERED, available)
    # The largest of log weight plus Gumbel noise is a draw without replacement.
    keys = np.log(providers.popularity[general:]) + rng.gumbel(size=(places, available))
    has = partner >= general
    keys[np.flatnonzero(has), partner[has] - general] = np.inf
    order = np.argsort(-keys, axis=1)[:, : int(number.max())]
    rank = np.arange(order.shape[1])
    weight = np.where(rank < number[:, None], (rank + 1.0) ** -0.9, 0.0)
    return Offer(member=general + order.astype(np.int64), weight=weight)


def special_provider(rng: np.random.Generator, providers: Providers, form: Ints, municipality: Ints) -> Ints:
    """Provider of forms that are not bound to a school: team, residence, protection; -1 for the others."""
    out = np.full(len(form), -1, dtype=np.int64)
    team = form == cal.TEAM
    out[team] = municipality[team] % providers.teams
    for forms, (low, high) in (
        (cal.RESIDENTIAL, providers.residential),
        (cal.PROTECTION, providers.protection),
    ):
        rows: Bools = np.isin(form, forms)
        weights: Floats = np.asarray(1.0 / (np.arange(high - low) + 1.0), dtype=np.float64)
        out[rows] = low + choose(rng, weights, int(rows.sum()))
    return out
