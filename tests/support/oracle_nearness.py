"""Nearness (theme G) a second time: home and school, transport, care inside and outside the region.

Nothing is swept, ranked or joined: every rule of the catalogue is asked of every day, pair or child anew.
"""

import math
from datetime import date

from tests.support.figures import Figure, middle, share
from tests.support.oracle import Window
from tests.support.world import DAY, FOREVER, SETTINGS, Schools, World


def nearness(world: World, schools: Schools, day: date) -> dict[str, Figure]:
    same, region, known, own_swv, with_swv, distances, riding, pupils = 0, 0, 0, 0, 0, [], 0, 0
    for child in world.oracle.children:
        here = [
            world.schools[one.school]
            for one in world.oracle.enrolments
            if one.child == child and one.school in schools and one.active(day)
        ]
        if not here:
            continue
        pupils += 1
        riding += any(
            row["child_id"] == child and row["start_date"] <= day <= (row.get("end_date") or FOREVER)
            for row in world.transport
        )
        place = world.places.get(world.home.get(child, ""))
        if place is None:
            continue
        known += 1
        same += any(school["municipality_code"] == place[0] for school in here)
        region += any(
            school["municipality_code"] == place[0] or {school["municipality_code"], place[0]} <= world.region
            for school in here
        )
        # All schools of the sample are of one sector; one samenwerkingsverband per municipality or none.
        own = {s["swv"] for s in world.schools.values() if s["municipality_code"] == place[0] and s["swv"]}
        asked = [school for school in here if school["swv"] and own]
        with_swv += bool(asked)
        own_swv += any(school["swv"] == min(own) for school in asked)
        kilometres = [
            math.dist(place[1:], world.places[school["pc4"]][1:]) / 1000
            for school in here
            if school.get("pc4") in world.places
        ]
        if kilometres:
            distances.append(min(kilometres))
    return {
        "home_municipality_share": share(same, known, same),
        "home_region_share": share(region, known, region),
        "home_region_share_swv": share(own_swv if with_swv else None, with_swv, own_swv),
        "home_school_distance": middle(distances, 0.5, len(distances)),
        "home_school_distance_p90": middle(distances, 0.9, len(distances)),
        "transport_pupils": share(riding, pupils, riding),
    }


def care_on_date(world: World, schools: Schools, day: date) -> dict[str, Figure]:
    children, outside, at_school = set(), set(), set()
    known, there, hours, hours_there = 0, 0, 0.0, 0.0
    for child in world.oracle.children:
        if not world.enrolled(child, schools, day):
            continue
        for one in world.oracle.active(child, day):
            children.add(child)
            if one.municipality not in world.region:
                outside.add(child)
            setting = SETTINGS.get(world.details[one.number].category or "")
            if setting:
                known += 1
                hours += 7 * (one.hours_per_day or 0)
                if setting == "school":
                    there += 1
                    hours_there += 7 * (one.hours_per_day or 0)
                    at_school.add(child)
    return {
        "out_of_region_share": share(len(outside), len(children), len(outside)),
        "in_school_share": share(there, known, len(at_school)),
        "in_school_share_hours": share(hours_there, hours, len(at_school)),
    }


def transport_cost(world: World, schools: Schools, window: Window) -> Figure:
    euros: dict[str, float] = {}
    for row in world.transport:
        end = max(min(row.get("end_date") or FOREVER, world.last_day), row["start_date"])
        length = (end - row["start_date"]).days + 1
        days = [row["start_date"] + n * DAY for n in range(length)]
        inside = [
            day
            for day in days
            if window.start <= day <= window.end and world.enrolled(row["child_id"], schools, day)
        ]
        if inside:
            child = row["child_id"]
            euros[child] = euros.get(child, 0.0) + row["amount_cents"] / 100 * len(inside) / length
    return Figure(
        sum(euros.values()) / len(euros) if euros else None,
        sum(euros.values()) if euros else None,
        len(euros),
        len(euros),
    )
