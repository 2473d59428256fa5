"""Every parameter of the synthetic region, with where it comes from.

Marks: [pub] published figure, [fit] fitted on published figures, [own] our assumption because nothing was
published, [tuned] chosen so that the realised data meet a published figure (see ``truth/calibration.json``).
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from zorgdata.synth.calendar import day

ScaleName = Literal["small", "region", "national"]

# --- time ------------------------------------------------------------------------------------------------
FIRST_SCHOOL_YEAR = 2018
SCHOOL_YEARS = 8
FIRST_DAY = day(FIRST_SCHOOL_YEAR, 8, 1)
CUTOFF = day(FIRST_SCHOOL_YEAR + SCHOOL_YEARS, 7, 31)
"""The day all deliveries were made: nothing decided later is known."""
DELIVERED_FROM = day(2018)
"""Care that ended before this day is in no delivery."""
BURN_IN_YEARS = 7
LATE_UNTIL = day(2026, 3, 31)  # of the municipality that is late, in dirty data
PROVISIONAL_FROM = day(2026)
PROVISIONAL_KEPT = 0.95  # [pub] CBS: the newest half-year is up to 5 % below its final value

# --- schools ---------------------------------------------------------------------------------------------
TYPES = ("BO", "SBO", "SO", "VSO", "PRO", "VO")
BO, SBO, SO, VSO, PRO, VO = range(6)
SPECIAL = (SBO, SO, VSO, PRO)

CARE_SHARE = {  # [own, within published bounds 4 .. >90 %] share with care on 1 October: mean, concentration
    BO: (0.080, 60.0),
    SBO: (0.46, 22.0),
    SO: (0.70, 14.0),
    VSO: (0.65, 14.0),
    PRO: (0.45, 22.0),
    VO: (0.090, 90.0),
}
HIGHEST_SHARE = 0.994  # [pub] a school above 90 %; one SO and one VSO location are given this share
LOWEST_SHARE = 0.030  # [pub] the lowest named school: 4 %
PRESCHOOL_SHARE = 0.018  # [own] children below 4, so that all children up to 17 come to 12.7 % in a year
SCHOOLLESS_SHARE = 0.11  # [own] minors without a school in the lists
ADULT_SHARE = 0.006  # [own] new care after the 18th birthday (extended youth care)

ODDS_BY_TYPE = (0.80, 1.45, 1.80, 2.20, 1.70, 0.68)
"""[tuned] care that pupils bring along from an earlier school makes up the rest of the share aimed at."""

GROWTH = (0.70, 0.755, 0.83, 0.91, 0.97, 0.98, 0.99, 1.0)
"""[tuned] odds of care per school year relative to the fifth: 10.6 % in the first, 12.7 % from the fifth."""


@dataclass(frozen=True)
class Scale:
    """How large a region is. ``paths``: shares of children that ever visit SBO, SO, VSO, PRO."""

    pupils: int
    regions: int
    schools: tuple[int, ...]
    paths: tuple[float, float, float, float]
    providers: int
    declaration_years: int
    boards: int


SCALES: dict[ScaleName, Scale] = {
    # Far more special education than in reality: its figures must survive a threshold of ten children.
    "small": Scale(3_000, 1, (12, 2, 2, 3, 2, 3), (0.19, 0.10, 0.20, 0.16), 60, 5, 5),
    "region": Scale(
        pupils=95_300,  # [pub] pupils in Twente schools 2018
        regions=1,
        schools=(205, 8, 8, 10, 6, 33),  # [pub for BO..VSO, rounded] branches in Twente 2025
        paths=(0.042, 0.0155, 0.0215, 0.0180),  # [tuned] 3.7 % of pupils at SBO, SO, VSO and PRO
        providers=260,
        declaration_years=4,
        boards=24,
    ),
}

SCALES["national"] = replace(SCALES["region"], regions=25, declaration_years=1)

BIRTHS_PER_PUPIL = 0.0738  # [tuned] yearly births per enrolled pupil
OUTSIDE_SHARE = {"regular": 0.05, "special": 0.15}  # [own] pupils from outside the region
EXEMPT_SHARE = 0.0042  # [tuned] of children ever; gives 3.1 per 1,000 pupils [pub], 7,389 of 2.4 million
ABSENT_RATE = 0.0036  # [tuned] per pupil and year; gives 4.3 per 1,000 [pub], 10,240 of 2.4 million
LONG_ABSENT_RATE = 0.0015  # [tuned] long relative absence; gives 1.35 per 1,000 [pub], 3,246
HOURS_16_RATE = 0.006  # [own]
ABSENT_SPECIAL = 6.0  # [own] times as often in VSO

# --- care ------------------------------------------------------------------------------------------------
TRAJECTORY_MU, TRAJECTORY_SIGMA = 5.56, 1.00  # [fit] on the CBS duration bins of 2021
TRAJECTORY_SHIFT = (-0.01, 0.36)  # [own] of mu: shorter at regular, longer at care-intensive schools
TRAJECTORY_MIN, TRAJECTORY_MAX = 14, 2_920
DURATION_BINS = (92, 183, 365, 731, 1096, 1461)
DURATION_PUBLISHED = (0.161, 0.172, 0.296, 0.233, 0.067, 0.031, 0.039)  # [pub] CBS 85096NED 2021*
DURATION_FITTED = (0.148, 0.214, 0.271, 0.216, 0.076, 0.033, 0.042)

CHAIN_BASE, CHAIN_SLOPE = 0.08, 0.70  # [tuned] chance that another trajectory follows at once
SIDE_RATE, SIDE_RATE_SPECIAL = 0.37, 0.54  # [tuned] further trajectories per trajectory, to 1.40 (SO/VSO 1.8)
PER_CHILD_YEAR = 1.40  # [pub] 592,860 / 423,825 in 2019
SAME_PROVIDER_AFTER = 0.40  # [own]
REPEAT_SHARE = 0.245  # [pub] CBS 85097NED H1 2023*
SIDE_EARLY = 2.5  # [tuned] power: most of them start with the trajectory they accompany
RETURN_FACTOR = 0.22  # [tuned] hazard after earlier care, relative to none: gives the repeat share
ENTRY_BOOST = 5.0  # [tuned] care starts around the move to a special school
ENDS_AT_18 = 0.55  # [own]
BOYS = 1.18  # [own] odds, girls the reverse
AGE_ODDS = ((4, 0.45), (6, 0.85), (8, 1.20), (12, 0.95), (15, 1.05))  # [own] from this age

# --- referrers: code, share of started trajectories, repeat use [pub] CBS 85097NED H1 2023* -----------------
REFERRERS = ("02", "01", "06", "04", "05", "03", "08", "")
REFERRER_SHARE = np.array([0.386, 0.304, 0.149, 0.070, 0.047, 0.036, 0.004, 0.004])
REFERRER_REPEAT = np.array([0.285, 0.222, 0.236, 0.194, 0.213, 0.184, 0.242, 0.210])
GP_AT_SPECIAL = 0.55  # [own] fewer GP referrals at SO and VSO

# --- forms [pub] share of started trajectories 2021* --------------------------------------------------------
# The last two, child protection and probation, are no jeugdhulp and come on top [own].
FORMS = (
    *("wijkteam", "ambulant", "daghulp", "netwerk", "pleegzorg", "gezinsgericht", "gesloten", "verblijf"),
    *("jeugdbescherming", "jeugdreclassering"),
)
FORM_SHARE = np.array([0.107, 0.608, 0.051, 0.173, 0.014, 0.008, 0.005, 0.034, 0.020, 0.004])
TEAM, RESIDENTIAL, PROTECTION = 0, (4, 5, 6, 7), (8, 9)  # positions in FORMS
RESIDENTIAL_SPECIAL = 2.0  # [own] 12 % in VSO against 6 %
PGB_SHARE = 0.028  # [pub] 1.2 % only pgb and 2.2 % both, of children

# --- indications -------------------------------------------------------------------------------------------
SLICE_DAYS = (92, 183, 365)
SLICE_SHARE = (0.20, 0.30, 0.45)  # [own] the rest is anything between 30 and 400 days
OPEN_ENDED = 0.03  # [own]
LATE_RENEWAL = 0.015  # [own] a renewal that starts some days late
EXTENDED_SINCE = day(2023, 4, 3)  # [pub] iJw 3.2, OP380: an extension keeps the number
EXTENDED_SHARE = 0.65  # [own]
DELETED_SHARE = 0.008  # [own]
CORRECTED_SHARE = 0.02  # [own]
ASPECIFIC_SHARE = 0.06  # [own] category without product code
TURNOVER_DAY = day(2023)  # contract round: numbers turn over on 1 January
TURNOVER_SHARE = 0.60
TURNOVER_PROVIDER = 0.12
RENUMBERED_MUNICIPALITY = 8
RENUMBERED_DAY = day(2022, 7, 1)
MOVE_SHARE = 0.03  # [own] children that move to another municipality of the region

END_REASONS = ("31", "32", "33", "34", "35", "")
END_REASON_SHARE = np.array([0.70, 0.08, 0.03, 0.06, 0.03, 0.10])  # [own] 70 / 20 / 10

# --- providers ---------------------------------------------------------------------------------------------
PROVIDERS_MAX = 69  # [pub] most providers at one location
PROVIDERS_OFFERED = 58  # [tuned] so that teams, residences and earlier schools fit below it
PROVIDERS_LIMIT = 54  # [tuned] idem, before the contract round moves children to other providers
PROVIDERS_POWER = 0.75  # [own] mean number grows with care pupils to this power
PROVIDERS_DISPERSION = 7.0  # [own] of the negative binomial
POPULARITY_POWER = 1.10  # [own]

# --- municipalities: youth (thousands), half-year share 0-22 [pub where known, rounded; the rest own] ------
MUNICIPALITIES = (
    (15.0, 9.9),
    (16.8, 9.2),
    (33.5, 8.3),
    (9.2, 8.9),
    (7.6, 8.9),
    (7.4, 7.6),
    (6.6, 7.2),
    (6.2, 8.0),
    (5.2, 7.4),
    (4.9, 7.0),
    (4.7, 7.5),
    (5.3, 6.6),
    (5.7, 5.3),
    (4.6, 5.0),
)
MUNICIPAL_POWER = 1.35  # [tuned] year shares 7-16 %: children attend school outside their municipality too
OUTSIDE_MUNICIPALITIES = 4
OUTSIDE_DELIVERING = 2  # of these the first ones deliver indications too
