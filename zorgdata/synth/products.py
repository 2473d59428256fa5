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


_VOLUMES = (
    *("minutes week", "hours week", "hours month", "minutes total", "half-days", "days", "pieces", "budget"),
    "none",
)
_TABLE = """
50;50A01;Gezinsbegeleiding wijkteam;wijkteam;licht;thuis;overig;7800;uur;hours month;0.6
45;45A03;Onderwijszorg-generalist;wijkteam;licht;school;ozg;7800;uur;minutes week;0.4
45;45A48;Begeleiding individueel;ambulant;licht;aanbieder;overig;7800;uur;minutes week;0.22
45;45A49;Begeleiding groep;ambulant;licht;aanbieder;overig;5100;uur;hours week;0.09
45;45A04;Behandeling ambulant;ambulant;specialistisch;aanbieder;overig;9000;uur;hours month;0.17
54;54001;Jeugd-ggz diagnostiek;ambulant;specialistisch;aanbieder;overig;11160;uur;minutes total;0.15
54;54002;Jeugd-ggz behandeling;ambulant;specialistisch;aanbieder;overig;11160;uur;minutes total;0.2
54;54003;Jeugd-ggz hoogspecialistisch;ambulant;specialistisch;aanbieder;overig;13140;uur;minutes total;0.05
45;45A76;Ernstige dyslexie;ambulant;licht;school;overig;6840;uur;minutes total;0.12
41;41A00;Dagbehandeling A;daghulp;zwaar;aanbieder;overig;6882;dagdeel;half-days;0.6
41;41A03;Dagbehandeling B;daghulp;zwaar;aanbieder;overig;7437;dagdeel;half-days;0.4
45;45A05;Onderwijszorg-specialist;netwerk;specialistisch;school;ozs;7800;uur;minutes week;0.3
45;45A06;Behandeling in het gezin;netwerk;specialistisch;thuis;overig;9000;uur;hours week;0.35
50;50D4A;Arrangement gezin en jeugdige;netwerk;specialistisch;thuis;overig;114636;stuks;pieces;0.25
50;50D4B;Arrangement op maat;netwerk;specialistisch;onbekend;overig;100;euro;budget;0.1
44;44A09;Pleegzorg;pleegzorg;zwaar;thuis;overig;5200;etmaal;days;1.0
44;44A08;Gezinshuis;gezinsgericht;zwaar;thuis;overig;16359;etmaal;days;1.0
43;43A05;Gesloten verblijf;gesloten;zwaar;aanbieder;overig;31000;etmaal;days;1.0
44;44A27;Verblijf met begeleiding;verblijf;zwaar;aanbieder;overig;9506;etmaal;days;0.6
43;43A10;Verblijf met behandeling;verblijf;zwaar;aanbieder;overig;19591;etmaal;days;0.4
48;48A01;Ondertoezichtstelling;jeugdbescherming;zwaar;onbekend;overig;78000;stuks;pieces;1.0
47;47A01;Jeugdreclassering;jeugdreclassering;zwaar;onbekend;overig;62000;stuks;pieces;1.0
41;;Dagbehandeling, aspecifiek;daghulp;zwaar;aanbieder;overig;0;;none;0.0
45;;Ambulant, aspecifiek;ambulant;licht;onbekend;overig;0;;none;0.0
54;;Jeugd-ggz, aspecifiek;ambulant;specialistisch;aanbieder;overig;0;;none;0.0
"""


def _read(line: str) -> Product:
    category, code, text, form, weight, setting, role, tariff, unit, volume, share = line.split(";")
    return Product(
        *(category, code, text, form, weight, setting, role),
        tariff_cents=int(tariff),
        tariff_unit=unit,
        volume=_VOLUMES.index(volume),
        share=float(share),
    )


_ALL = tuple(_read(line) for line in _TABLE.split("\n") if line)
PRODUCTS = tuple(product for product in _ALL if product.code)
WITHOUT_CODE = tuple(product for product in _ALL if not product.code)
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
