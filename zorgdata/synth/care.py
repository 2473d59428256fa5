"""What a trajectory consists of: form, product, provider, referrer, way of delivery, reason of ending."""

from dataclasses import dataclass, fields, replace

import numpy as np

from zorgdata.synth import calibration as cal
from zorgdata.synth.calendar import Bools, Floats, Ints, school_year_of
from zorgdata.synth.careers import NEXT, SIDE, Trajectories
from zorgdata.synth.children import Children, Enrolments
from zorgdata.synth.initiatives import Programme
from zorgdata.synth.products import PRODUCTS, WITHOUT_CODE
from zorgdata.synth.providers import Offer, Providers, special_provider
from zorgdata.synth.schools import Schools
from zorgdata.synth.streams import Streams, choose, choose_by_row

_LOOK_BACK = 12


@dataclass(frozen=True)
class Care:
    """One entry per trajectory, beside ``Trajectories``."""

    form: Ints
    product: Ints
    aspecific: Bools
    provider: Ints
    referrer: Ints
    pgb: Bools
    end_reason: Ints
    level: Floats

    def take(self, rows: Ints | Bools) -> "Care":
        """The chosen rows."""
        return Care(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})


def make_care(
    streams: Streams,
    *,
    schools: Schools,
    children: Children,
    providers: Providers,
    offer: Offer,
    care: Trajectories,
    stays: Enrolments,
    programme: Programme,
) -> tuple[Trajectories, Care]:
    """Contents of every trajectory. Trajectories of one child with the same provider and form never touch
    (they would be one trajectory); the few that cannot be told apart are left out."""
    rng = streams("care")
    n = len(care.child)
    home = children.municipality[care.child]
    special = np.isin(schools.type[care.school], (cal.SO, cal.VSO)) & (care.school >= 0)
    form = _forms(rng, special)
    place = np.where(care.school >= 0, care.school, len(schools.type) + home)
    provider = special_provider(rng, providers, form, home)
    free = provider < 0
    provider[free] = offer.member[place[free], choose_by_row(rng, offer.weight, place[free])]
    provider = _to_partner(rng, programme, care, provider, free)
    provider = _stay_with(rng, care, form, provider, providers)
    distinct = np.zeros(n, dtype=np.bool_)
    for _ in range(6):
        distinct = ~_touches(care, form, provider)
        again = np.flatnonzero(~distinct)
        if not len(again):
            break
        form[again] = 1
        provider[again] = offer.member[place[again], rng.integers(0, offer.member.shape[1], len(again))]
    provider = _limit(rng, stays, care, provider, providers)
    distinct &= ~_touches(care, form, provider)
    product = _products(rng, form, care.school)
    coded = {p.category for p in WITHOUT_CODE}
    fits = np.array([p.category in coded and p.form in ("ambulant", "daghulp") for p in PRODUCTS])
    result = Care(
        form=form,
        product=product,
        aspecific=(rng.random(n) < cal.ASPECIFIC_SHARE) & fits[product],
        provider=provider,
        referrer=_referrers(rng, care, special),
        pgb=rng.random(n) < cal.PGB_SHARE,
        end_reason=choose(rng, cal.END_REASON_SHARE, n),
        level=np.exp(0.45 * rng.standard_normal(n)),
    )
    result = replace(result, pgb=result.pgb & np.isin(form, (1, 3)))
    return care.take(distinct), result.take(distinct)


def _forms(rng: np.random.Generator, special: Bools) -> Ints:
    regular = cal.FORM_SHARE / cal.FORM_SHARE.sum()
    heavy = regular.copy()
    heavy[list(cal.RESIDENTIAL)] *= cal.RESIDENTIAL_SPECIAL
    heavy[2] *= 1.8
    heavy[1] -= heavy.sum() - 1
    return choose_by_row(rng, np.array([regular, heavy]), special.astype(np.int64))


def _products(rng: np.random.Generator, form: Ints, school: Ints) -> Ints:
    """A product of the form; those delivered at school need one."""
    table = np.array([[p.share if p.form == f else 0.0 for p in PRODUCTS] for f in cal.FORMS])
    away = table * np.array([p.setting != "school" for p in PRODUCTS])
    away[away.sum(axis=1) == 0] = table[away.sum(axis=1) == 0]
    both = np.concatenate([table, away])
    return choose_by_row(rng, both, form + len(cal.FORMS) * (school < 0))


def _to_partner(
    rng: np.random.Generator, programme: Programme, care: Trajectories, provider: Ints, free: Bools
) -> Ints:
    """New care at a school with a fixed partner goes to that partner for a known share."""
    school = np.maximum(care.school, 0)
    goes = rng.random(len(provider)) < programme.partner_share[school]
    goes &= free & (care.school >= 0) & (care.start >= programme.partner_from[school])
    return np.where(goes, programme.partner[school], provider)


def _stay_with(
    rng: np.random.Generator, care: Trajectories, form: Ints, provider: Ints, providers: Providers
) -> Ints:
    """What follows at once, or stands beside another, often has the provider of the one before."""
    keep = rng.random(len(provider)) < np.where(care.role == NEXT, cal.SAME_PROVIDER_AFTER, 0.15)
    keep &= np.isin(care.role, (NEXT, SIDE)) & np.isin(form, (1, 2, 3))
    before = np.arange(len(provider)) - 1
    keep &= (before >= 0) & (care.child[before] == care.child)
    out = provider
    for _ in range(4):
        out = np.where(keep & (out[before] >= providers.general), out[before], out)
    return out


def _limit(
    rng: np.random.Generator, stays: Enrolments, care: Trajectories, provider: Ints, providers: Providers
) -> Ints:
    """Keep every location at the published most of providers in a school year.

    Pupils bring providers along from all their earlier schools. Where that makes too many, children of the
    providers met least often go to those met most often.
    """
    span, many = 100, len(providers.agb)
    low = np.searchsorted(care.child, stays.child)
    count = np.searchsorted(care.child, stays.child, side="right") - low
    stay = np.repeat(np.arange(len(low)), count)
    row = low[stay] + np.arange(len(stay)) - np.repeat(np.cumsum(count) - count, count)
    begin = np.maximum(stays.start[stay], care.start[row])
    end = np.minimum(np.minimum(stays.end[stay], care.end[row]), cal.CUTOFF)
    met = (begin <= end) & (end >= cal.FIRST_DAY)
    stay, row, begin, end = stay[met], row[met], begin[met], end[met]
    first, last = school_year_of(begin) - 2000, school_year_of(end) - 2000
    years = last - first + 1
    again = np.repeat(np.arange(len(row)), years)
    year = first[again] + np.arange(len(again)) - np.repeat(np.cumsum(years) - years, years)
    group = stays.school[stay[again]] * span + year
    row = row[again]
    for _ in range(3):
        keys, times = np.unique(group * many + provider[row], return_counts=True)
        place = keys // many
        order = np.lexsort((keys, -times, place))
        rank = np.arange(len(keys)) - np.searchsorted(place, place)  # of the ordered keys
        over = rank >= cal.PROVIDERS_LIMIT
        if not over.any():
            break
        dropped = np.sort(keys[order][over & (keys[order] % many >= providers.general)])
        at = np.minimum(np.searchsorted(dropped, group * many + provider[row]), max(len(dropped) - 1, 0))
        hit = dropped[at] == group * many + provider[row] if len(dropped) else np.zeros(len(row), np.bool_)
        ordered = keys[order]
        large = ordered % many >= providers.general
        ordered, top = ordered[large], ordered[large] // many
        start = np.searchsorted(top, group[hit])
        chosen = ordered[start + rng.integers(0, 4, int(hit.sum()))] % many
        provider = provider.copy()
        provider[row[hit]] = chosen
    return provider


def _touches(care: Trajectories, form: Ints, provider: Ints) -> Bools:
    """Whether an earlier trajectory of the child with the same provider and form overlaps or adjoins."""
    hit = np.zeros(len(form), dtype=np.bool_)
    for back in range(1, _LOOK_BACK + 1):
        same = care.child[back:] == care.child[:-back]
        same &= (form[back:] == form[:-back]) & (provider[back:] == provider[:-back])
        hit[back:] |= same & (care.end[:-back] + 1 >= care.start[back:])
    return hit


def repeats(child: Ints, start: Ints, end: Ints) -> Bools:
    """Whether a trajectory starts within five years after another of the child ended, a free day between.

    Rows are ordered by child and start. The published definition (looking back); trajectories that adjoin or
    overlap are no repeat of each other, an earlier one that ended may still make them one.
    """
    hit = np.zeros(len(child), dtype=np.bool_)
    for back in range(1, len(child)):
        same = child[back:] == child[:-back]
        if not same.any():
            break
        ended, started = end[:-back], start[back:]
        hit[back:] |= same & (ended + 2 <= started) & (ended >= started - 1826)
    return hit


def _referrers(rng: np.random.Generator, care: Trajectories, special: Bools) -> Ints:
    """By Bayes from the published shares and repeat use; fewer GPs at SO and VSO, more municipal access."""
    again = repeats(care.child, care.start, care.end)
    share = cal.REFERRER_SHARE / cal.REFERRER_SHARE.sum()
    part = special.mean()
    fewer = share.copy()
    fewer[0] *= cal.GP_AT_SPECIAL
    fewer[1] += share[0] - fewer[0]
    other = (share - part * fewer) / (1 - part)
    rows = []
    for mix in (other, fewer):
        for repeat in (False, True):
            factor = cal.REFERRER_REPEAT / cal.REPEAT_SHARE
            odd = factor if repeat else (1 - cal.REFERRER_REPEAT) / (1 - cal.REPEAT_SHARE)
            rows.append(np.maximum(mix * odd, 0))
    return choose_by_row(rng, np.array(rows), 2 * special.astype(np.int64) + again)
