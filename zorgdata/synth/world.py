"""One region, generated: everything the files are written from."""

from dataclasses import dataclass, replace

import numpy as np

from zorgdata.synth import calibration as cal
from zorgdata.synth.calendar import Floats, Ints
from zorgdata.synth.care import Care, make_care
from zorgdata.synth.careers import Trajectories, make_trajectories
from zorgdata.synth.children import Children, Enrolments, make_children, make_enrolments
from zorgdata.synth.indications import Indications, Versions, make_indications
from zorgdata.synth.initiatives import Programme, make_programme, removed
from zorgdata.synth.providers import Offer, Providers, make_offer, make_providers
from zorgdata.synth.schools import Region, Schools, make_region, make_schools
from zorgdata.synth.streams import Streams


@dataclass(frozen=True)
class World:
    """Tables of one region; trajectories and care are what happened, indications what is administered."""

    streams: Streams
    scale: cal.Scale
    region: Region
    schools: Schools
    providers: Providers
    offer: Offer
    children: Children
    stays: Enrolments
    trajectories: Trajectories
    care: Care
    indications: Indications
    versions: Versions
    programme: Programme
    lost: Trajectories
    lost_why: Ints
    """Trajectories that an initiative prevented or took out of the indications."""


def make_world(seed: int, number: int, scale: cal.Scale) -> World:
    """Generate region ``number`` (0 for the only one)."""
    streams = Streams(seed, number)
    region = make_region(streams, number)
    schools = make_schools(streams, region, scale)
    children, path = make_children(streams, region, scale)
    stays = make_enrolments(streams, region, schools, children, path)
    trajectories = make_trajectories(streams, region, schools, children, stays)
    providers = make_providers(streams, number, scale.providers, region.inside)
    programme = make_programme(streams, schools, scale)
    partner = np.full(_places(region, schools), -1, dtype=np.int64)
    chosen = np.flatnonzero(programme.partner >= 0)
    partner[chosen] = providers.general + programme.partner[chosen]
    why = removed(streams, programme, trajectories)
    lost = trajectories.take(why > 0)
    offer = make_offer(streams, providers, _care_per_year(trajectories, region, schools, children), partner)
    programme = replace(programme, partner=partner[: len(schools.names)])
    trajectories, care = make_care(
        streams,
        schools=schools,
        children=children,
        providers=providers,
        offer=offer,
        care=trajectories.take(why == 0),
        stays=stays,
        programme=programme,
    )
    indications, versions = make_indications(streams, children, providers, trajectories, care)
    stays = stays.take(stays.end >= cal.FIRST_DAY)
    return World(
        streams,
        scale,
        region,
        schools,
        providers,
        offer,
        children,
        stays,
        trajectories,
        care,
        indications,
        versions,
        programme,
        lost,
        why[why > 0],
    )


def _places(region: Region, schools: Schools) -> int:
    """Schools, and behind them the municipalities for children without a school."""
    return len(schools.names) + len(region.municipality_codes)


def _care_per_year(
    trajectories: Trajectories, region: Region, schools: Schools, children: Children
) -> Floats:
    """Care children per place and year, from the trajectories that start there (half of those active)."""
    place: Ints = np.where(
        trajectories.school >= 0,
        trajectories.school,
        len(schools.names) + children.municipality[trajectories.child],
    )
    within = trajectories.start >= cal.FIRST_DAY
    started = np.bincount(place[within], minlength=_places(region, schools))
    return np.asarray(started * (2.0 / 1.4 / cal.SCHOOL_YEARS), dtype=np.float64)
