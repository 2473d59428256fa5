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


def edges() -> dict[str, Rows]:
    """Fixed rows: a school without care, schools at the edges of the classes, and days beside the reference.

    School E (municipality 9903) has nothing but pupils. At F 4 of 10 pupils have care on 1 October 2023 and 9
    a year later; at G 1 and 3. Around them children whose enrolment, care, supply or professional begins or
    ends on the day itself.
    """
    rows: dict[str, Rows] = {kind: [] for kind in region(Random(0), 0)}
    rows["schools"] = [
        {"school_id": f"99Z{letter}00", "name": letter, "school_type": kind, "board": "b3", **area}
        for letter, kind, area in (
            ("E", "PRO", {"municipality_code": "9903", "swv": "VO99"}),
            ("F", "BO", {"municipality_code": "9904", "swv": "PO98"}),
            ("G", "SBO", {"municipality_code": "9904", "swv": "PO98"}),
            *((more, "BO", {"municipality_code": "9904", "swv": "PO98"}) for more in "HIJK"),
        )
    ]
    numbers = iter(range(1, 1000))

    def child(school: str, spans: list[tuple[str, str | None]], born: str = "2013-03-01") -> str:
        name = f"f{next(numbers):03}"
        for first, last in spans:
            row = {"child_id": name, "school_id": f"99Z{school}00", "birth_month": on(born), "sex": "m"}
            row |= {"school_type": None, "pc4": None}
            row |= {"start_date": on(first), "end_date": on(last) if last else None, "main_enrolment": True}
            rows["enrolments"].append(row)
        return name

    def care(name: str, first: str, last: str | None, **more: Any) -> None:
        row = {
            "child_id": name,
            "provider_id": "41990001",
            "municipality_code": "9901",
            "delivery_form": "zin",
        }
        row |= {"allocation_number": f"f{next(numbers)}", "product_category": "45", "product_code": None}
        row |= {"volume": 2.0, "unit": "04", "frequency": "2", "law": None}
        row |= {"start_date": on(first), "end_date": on(last) if last else None}
        rows["indications"].append(row | more)

    for born in ("2010-10-01", "2010-11-01", "2010-09-01"):
        child("E", [("2023-09-01", "2024-12-31")], born)
    for school in "HIJK":  # with these the region has eleven schools: a tenth of them is two
        child(school, [("2023-09-01", "2024-12-31")])
    weeks = [("2023-09-25", "2023-10-05"), ("2024-09-25", "2024-10-05")]
    for school, shares in (("F", (4, 9)), ("G", (1, 3))):
        for n in range(10):
            name = child(school, weeks)
            for (first, last), cared in zip(weeks, shares, strict=True):
                if n < cared:
                    care(name, first, last, provider_id=f"4199000{1 + n % 5}")
    day, before, after = "2023-10-01", "2023-09-30", "2023-10-02"
    # Long at a school of so and vso: 12 years on 1 October, or just 13.
    for born in ("2010-09-01", "2010-10-01", "2010-11-01"):
        child("B", [("2019-08-01", "2024-12-31")], born)
    # First at that school and 13 or 14 on a day of counting, then at one of so alone.
    for born in ("2008-10-01", "2009-09-01", "2009-10-01", "2009-11-01"):
        child("B", [("2022-09-01", "2023-06-30"), ("2023-07-01", "2024-12-31")], born)
        rows["enrolments"][-1] |= {"school_id": "99ZJ00", "school_type": "SO"}
    for first, last in (("2023-08-01", before), ("2023-08-01", day), (day, None), (after, None)):
        care(child("C", [(first, last)]), "2023-08-01", None)
        name = child("A", [("2023-08-01", "2024-07-31")])
        care(name, first, last, frequency="6" if last else "2", unit="14")
        span = {"start_date": on(first), "end_date": on(last) if last else None}
        name = child("A", [("2023-08-01", "2024-07-31")])
        care(name, "2023-08-01", "2024-07-31")
        rows["domains"].append({"child_id": name, "domain": "wmo", **span})
        rows["arrangements"].append(
            {"swv": "PO99", "child_id": name, "arrangement_type": "1", "amount_cents": 1, **span}
        )
        rows["collective_supply"].append(
            {"school_id": "99ZF00", "provider_id": f"{last}", "hours_per_week": 8.0, "reach": 1, **span}
        )
    # Arrangements that begin together, and one that begins when care has ended.
    name = child("I", [("2023-08-01", "2024-07-31")])
    care(name, "2023-08-01", before)
    first_days = ((("1", "2023-09-01", "2023-09-10")), ("2", "2023-09-01", "2023-09-20"))
    late = child("A", [("2023-08-01", "2024-07-31")])
    care(late, "2023-08-01", before)
    for own, (kind, first, last) in [*((name, one) for one in first_days), (late, ("1", day, "2023-12-31"))]:
        row = {"swv": "PO99", "child_id": own, "arrangement_type": kind, "amount_cents": 1}
        rows["arrangements"].append({**row, "start_date": on(first), "end_date": on(last)})
    # One provider at school and at home; two of which each does one.
    for other in ("41990001", "41990002"):
        name = child("A", [("2023-08-01", "2024-07-31")])
        care(name, "2023-08-01", None, product_code="45A01")
        care(name, "2023-08-02", None, product_code="45A02", provider_id=other)
    # Care that goes over to another payer: the trajectory stays with the first.
    name = child("A", [("2023-08-01", "2024-07-31")])
    care(name, "2023-08-01", "2023-09-15")
    care(name, "2023-09-16", None, municipality_code="9905")
    # Professionals of the year that ends on the day: from 2 October on.
    for first, last in (
        ("2022-01-01", "2022-10-01"),
        ("2022-01-01", "2022-10-02"),
        (day, day),
        (after, after),
    ):
        name = child("A", [("2021-08-01", "2024-07-31")])
        care(name, "2021-08-01", None)
        row = {"municipality_code": "9901", "child_id": name, "provider_id": "41990001", "product_code": "z"}
        row |= {
            "worker_id": f"z{last}",
            "start_date": on(first),
            "end_date": on(last),
            "hours_delivered": 3.0,
        }
        rows["deliveries"].append(row)
    return rows


on = date.fromisoformat
