"""A random small region with every kind of input that population, use and fragmentation read."""

from datetime import date, timedelta
from random import Random
from typing import Any

Rows = list[dict[str, Any]]

FIRST, LAST = date(2022, 9, 1), date(2024, 11, 30)
EDGES = [date(year, month, 1) for year in (2023, 2024) for month in (1, 8, 10)] + [date(2022, 10, 1)]
"""First days of periods, and reference dates."""
SCHOOLS: Rows = [
    {
        "school_id": "99ZA00",
        "school_type": "SBO",
        "municipality_code": "9901",
        "board": "b1",
        "swv": "PO99",
        "lead_provider": "C1",
    },
    {
        "school_id": "99ZB00",
        "school_type": "SO/VSO",
        "municipality_code": "9902",
        "board": "b1",
        "swv": "PO99",
        "lead_provider": "41990002",
    },
    {"school_id": "99ZC00", "school_type": "BO", "municipality_code": "9901", "board": "b2", "swv": "PO99"},
    {"school_id": "99ZD00", "school_type": "VO", "municipality_code": "9902", "board": "b2", "swv": None},
]
PROVIDERS: Rows = [
    {"provider_id": "41990001", "consortium": "C1", "parent_id": "41990009"},
    {"provider_id": "41990002", "parent_id": "41990009", "valid_from": date(2023, 6, 1)},
    {"provider_id": "41990003", "consortium": "C1", "valid_to": date(2023, 12, 31)},
    {"provider_id": "41990003", "consortium": "C2", "valid_from": date(2024, 3, 1)},
]
PRODUCTS: Rows = [
    {"product_category": "45", "product_code": "45A01", "care_form": "netwerk", "setting": "school"},
    {"product_category": "45", "product_code": "45A02", "weight_class": "licht", "setting": "thuis"},
    {"product_category": "43", "care_form": "pleegzorg", "setting": "thuis"},
]
PLACES: Rows = [
    {"pc4": "9901", "municipality_code": "9901", "x": 0.0, "y": 0.0},
    {"pc4": "9902", "municipality_code": "9902", "x": 0.0, "y": 0.0},
]
_VOLUMES = [(120.0, "01", "2"), (3.0, "14", "2"), (30.0, "14", "6"), (4.0, "16", "4"), (None, None, None)]
_CATEGORIES = ["40", "41", "43", "45", "45", "45", "50", "54", None]


def region(random: Random, children: int) -> dict[str, Rows]:
    """Raw rows of ``children`` children; days lie close to each other and to the edges of the periods."""
    rows: dict[str, Rows] = {
        "schools": [dict(row, name=row["school_id"]) for row in SCHOOLS],
        "providers": [dict(row, name="P") for row in PROVIDERS],
        "products": [dict(row) for row in PRODUCTS],
        "places": [dict(row) for row in PLACES],
        "collective_supply": [_supply(random) for _ in range(3)],
    }
    for kind in ("enrolments", "indications", "deliveries", "declarations", "arrangements", "domains"):
        rows[kind] = []
    for n in range(children):
        _child(random, f"{n:032x}", rows)
    return rows


def day(random: Random) -> date:
    """A day in the region's time, often beside an edge of a period or a day of counting."""
    if random.random() < 0.4:
        return random.choice(EDGES) + timedelta(days=random.choice([-1, 0, 1]))
    return FIRST + timedelta(days=random.randrange((LAST - FIRST).days))


def _span(random: Random, longest: int = 400) -> dict[str, date | None]:
    start = day(random)
    end: date | None = start + timedelta(days=random.randrange(longest))
    chance = random.random()
    if chance < 0.2:
        end = None
    elif chance < 0.4:
        end = max(start, random.choice(EDGES) + timedelta(days=random.choice([-1, 0])))
    return {"start_date": start, "end_date": end}


def _supply(random: Random) -> dict[str, Any]:
    return {
        "school_id": random.choice(SCHOOLS)["school_id"],
        "provider_id": random.choice(PROVIDERS)["provider_id"],
        "hours_per_week": random.choice([8.0, 20.0, None]),
        "reach": random.choice([1, 2, 30, None]),
        **_span(random),
    }


def _child(random: Random, child: str, rows: dict[str, Rows]) -> None:
    person = {
        "child_id": child,
        "birth_month": date(random.randrange(2006, 2019), random.randrange(1, 13), 1),
        "sex": random.choice(["m", "f", None]),
        "pc4": random.choice(["9901", "9902", "9903", None]),
    }
    starts: set[tuple[str, date]] = set()
    for place in range(random.randrange(1, 4)):
        school = random.choice(SCHOOLS)
        span = _span(random, 700)
        if place == 0 and random.random() < 0.6:
            span = {"start_date": date(2019, 8, 1), "end_date": span["end_date"]}
        key = school["school_id"], span["start_date"]
        if key not in starts:  # type: ignore[comparison-overlap]
            starts.add(key)  # type: ignore[arg-type]
            rows["enrolments"].append(
                {
                    **person,
                    "school_id": school["school_id"],
                    "school_type": random.choice([None, school["school_type"], "PRO"]),
                    "main_enrolment": random.choice([True, False, None]),
                    **span,
                }
            )
    taken: set[date] = set()
    # Some children have few providers, so that one gives help at school and at home.
    providers = [random.randrange(1, 7) for _ in range(random.choice([1, 2, 6]))]
    for _ in range(random.randrange(0, 7)):
        span = _span(random)
        if span["start_date"] in taken:
            continue
        taken.add(span["start_date"])  # type: ignore[arg-type]
        category = random.choice(_CATEGORIES)
        volume, unit, frequency = random.choice(_VOLUMES)
        rows["indications"].append(
            {
                "child_id": child,
                "provider_id": f"4199000{random.choice(providers)}",
                "municipality_code": random.choice(["9901", "9902"]),
                "allocation_number": str(len(rows["indications"]) + 1),
                "product_category": category,
                "product_code": random.choice(["45A01", "45A02", None]) if category == "45" else None,
                "volume": volume,
                "unit": unit,
                "frequency": frequency,
                "delivery_form": random.choice(["zin", "pgb", None]),
                "law": random.choice([None, "jeugdwet", "wmo"]) if random.random() < 0.2 else None,
                **span,
            }
        )
    for n in range(random.randrange(0, 4)):
        rows["deliveries"].append(
            {
                "municipality_code": "9901",
                "child_id": child,
                "provider_id": "41990001",
                "product_code": f"x{n}",
                "worker_id": random.choice([f"w{random.randrange(30)}", None]),
                "hours_delivered": random.choice([5.0, 12.5, None]),
                **_span(random),
            }
        )
    if random.random() < 0.1:  # a child with very many professionals
        for n in range(random.choice([14, 15, 16])):
            rows["deliveries"].append(
                {
                    "municipality_code": "9902",
                    "child_id": child,
                    "provider_id": "41990001",
                    "product_code": f"y{n}",
                    "worker_id": f"w{n}",
                    "start_date": date(2023, 9, 1),
                    "end_date": date(2023, 11, 1),
                }
            )
    for _ in range(random.randrange(0, 2)):
        span = _span(random, 60)
        rows["declarations"].append(
            {
                "municipality_code": random.choice(["9901", "9902"]),
                "provider_id": "41990001",
                "declaration_number": "1",
                "reference_number": str(len(rows["declarations"])),
                "child_id": child,
                "product_category": "45",
                "volume": 10.0,
                "unit": random.choice(["01", "04", "14"]),
                "amount_cents": 1000,
                "debit_credit": "D",
                "start_date": span["start_date"],
                "end_date": span["end_date"] or span["start_date"],
            }
        )
    for n in range(random.randrange(0, 3)):
        rows["arrangements"].append(
            {"swv": "PO99", "child_id": child, "arrangement_type": str(n), "amount_cents": 1, **_span(random)}
        )
    for _ in range(random.randrange(0, 2)):
        domain = random.choice(["leerplicht", "wmo"])
        rows["domains"].append({"child_id": child, "domain": domain, **_span(random)})
