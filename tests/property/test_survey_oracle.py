"""Scores of surveys against a second implementation that writes out every answer behind a mean."""

from collections import defaultdict
from datetime import date, timedelta
from random import Random
from statistics import fmean
from typing import Any

import duckdb
import pytest
from scipy import stats

from tests.support.figures import Figure, Key, count, share, unlike
from tests.support.warehouse import build_models, insert, rows_of, setting, warehouse

Rows = dict[str, list[dict[str, Any]]]
KEY = ("metric", "level", "unit_id", "period", "reference_date", "dimension", "dimension_value")
PERIODS = {
    "2023": (date(2023, 1, 1), date(2023, 12, 31)),
    "2024": (date(2024, 1, 1), date(2024, 12, 31)),
    "2023-2024": (date(2023, 8, 1), date(2024, 7, 31)),
}
STARTS = {"I1": date(2023, 8, 1), "I2": date(2023, 1, 1)}
MEANS = {
    "nut": "client_satisfaction",
    "rust": "calm_score",
    "samenwerking": "collaboration_score",
    "werkdruk": "teacher_workload_score",
}
EDGES = [day for pair in PERIODS.values() for day in pair]


def region(random: Random) -> Rows:
    """Answers one by one and means, on several scales, with and without a day, a group, a spread."""
    surveys: list[dict[str, Any]] = []
    for _ in range(220):
        question = random.choice(["Nut van de hulp", "nut b", "rust thuis", "Samenwerking", "samenwerking b"])
        group = random.choice(["jongere", "ouder", "professional", "leerkracht", None])
        if random.random() < 0.3:
            group, question = "leerkracht", random.choice(["toerusting x", "werkdruk", "Werkdruk b"])
        elif random.random() < 0.1:
            question = random.choice(["toerusting x", "werkdruk", "anders"])
        scale = random.choice([None, 10, 5, 4, 1])
        row: dict[str, Any] = {
            "moment": random.choice(["T0", "T1", "T2", None]),
            "initiative_id": random.choice(["I1", "I2", None]),
            "school_id": random.choice(["99ZA00", "99ZB00", None]),
            "respondent_group": group,
            "question": question,
            "score": random.choice([1.0, 2.0, 3.0, 4.0, 5.0, 3.67, 7.0, 10.0, 0.5, None]),
            "scale_max": scale,
            "measured_on": None,
        }
        if random.random() < 0.8:
            row["measured_on"] = random.choice(EDGES) + timedelta(random.choice([-1, 0, 0, 1, 40]))
        if random.random() < 0.3:
            row["answers"] = random.choice([0, 1, 2, 12])
            row["score_sd"] = random.choice([0.5, 1.2, None])
            row["satisfied"] = random.choice([0, 1, 2, 12, None])
        if random.random() < 0.4:
            row["invited"] = random.choice([10, 40])
            row["responded"] = random.choice([1, 7, 10, None])
        surveys.append(row)
    outcomes = [
        {
            "child_id": f"{n:032x}",
            "provider_id": "41990001",
            "measured_on": random.choice(EDGES) + timedelta(random.choice([-1, 0, 1])),
            "usefulness": random.choice([1.0, 6.9, 7.0, 10.0, None]),
        }
        for n in range(20)
    ]
    return {"surveys": surveys, "outcomes": outcomes}


def measured(row: dict[str, Any]) -> date | None:
    """As told, else T0, T1 and T2 at the start of the initiative and one and two years later."""
    told: date | None = row["measured_on"]
    start = STARTS.get(row["initiative_id"] or "")
    if told is None and start and row["moment"]:
        return start.replace(year=start.year + int(row["moment"][1]))
    return told


def subject(row: dict[str, Any]) -> str | None:
    """By the first word of the question; what teachers are asked counts of teachers only."""
    first, group = row["question"].lower().split()[0], row["respondent_group"]
    if first == "nut":
        return "nut" if group in (None, "jongere", "ouder") else None
    if first in ("toerusting", "werkdruk"):
        return first if group == "leerkracht" else None
    return first if first in ("rust", "samenwerking") else None


def records(rows: Rows) -> list[dict[str, Any]]:
    """Every record that counts, on a scale of 1 to 10, with its answers and those of 7 or higher."""
    alike: dict[Key, int] = defaultdict(int)
    names = ("initiative_id", "school_id", "respondent_group", "moment", "question")
    usable = [row for row in rows["surveys"] if row["score"] is not None and measured(row)]
    for row in usable:
        alike[tuple(row[name] for name in names)] += 1
    found = []
    for row in usable:
        answers = row.get("answers")
        if answers is None:
            alone = alike[tuple(row[name] for name in names)] == 1
            answers = (row.get("responded") or 1) if alone else 1
        highest = row["scale_max"] or 10
        if answers < 1 or highest <= 1 or not 1 <= row["score"] <= highest or not subject(row):
            continue
        score = 1 + 9 * (row["score"] - 1) / (highest - 1)
        spread = 9 * row["score_sd"] / (highest - 1) if row.get("score_sd") is not None else None
        high = row.get("satisfied")
        if answers == 1:
            spread, high = 0.0, int(score >= 7)
        elif high is not None and high > answers:
            high = None
        parts = [("", "")]
        parts += [(n, row[n]) for n in ("respondent_group", "moment", "question") if row[n]]
        units = [("region", "region")] + [("initiative", i) for i in [row["initiative_id"]] if i]
        found.append(
            {
                "subject": subject(row), "day": measured(row), "score": score, "answers": answers,
                "spread": spread, "high": high, "parts": parts, "units": units,
            }
        )  # fmt: skip
    for row in rows["outcomes"]:
        if row["usefulness"] is not None:
            found.append(
                {
                    "subject": "nut", "day": row["measured_on"], "score": row["usefulness"], "answers": 1,
                    "spread": 0.0, "high": int(row["usefulness"] >= 7), "units": [("region", "region")],
                    "parts": [("", ""), ("question", "nut bij afsluiten van de hulp")],
                }
            )  # fmt: skip
    return found


def groups(rows: Rows) -> dict[Key, list[dict[str, Any]]]:
    """The records behind every subject, unit, period and part."""
    found: dict[Key, list[dict[str, Any]]] = defaultdict(list)
    for one in records(rows):
        for period, (first, last) in PERIODS.items():
            if first <= one["day"] <= last:
                for unit in one["units"]:
                    for part in one["parts"]:
                        found[one["subject"], *unit, period, None, *part].append(one)
    return found


def limits(rows: Rows) -> dict[Key, tuple[float, float]]:
    """Student's interval around a mean of ten answers or more whose spread is known, within the scale."""
    found = {}
    for (about, *place), mine in groups(rows).items():
        n, sd = sum(one["answers"] for one in mine), deviation(mine)
        if about in MEANS and n >= 10 and sd is not None:
            mean = sum(one["answers"] * one["score"] for one in mine) / n
            half = float(stats.t.ppf(0.975, n - 1)) * sd / n**0.5
            found[MEANS[about], *place] = (max(mean - half, 1.0), min(mean + half, 10.0))
    return found


def expected(rows: Rows) -> dict[Key, Figure]:
    """Figures by metric, unit, period and part."""
    found: dict[Key, Figure] = {}
    for (about, level, *rest), mine in groups(rows).items():
        key = (level, *rest)
        n = sum(one["answers"] for one in mine)
        dimension = rest[3]
        total = sum(one["answers"] * one["score"] for one in mine)
        no_parts = (about == "werkdruk" and dimension not in ("", "moment")) or (
            about == "rust" and dimension == "question"
        )
        if about in MEANS and not no_parts:
            found[MEANS[about], *key] = share(total, n, n)
        if about == "nut" or (about == "toerusting" and dimension in ("", "moment")):
            told = [one for one in mine if one["high"] is not None]
            of, high = sum(one["answers"] for one in told), sum(one["high"] for one in told)
            metric = "client_satisfied_share" if about == "nut" else "teacher_capacity_score"
            found[metric, *key] = share(high, of, high)
        if about == "samenwerking" and level == "region":
            sd = deviation(mine)
            found["collaboration_score_sd", *key] = count(sd, n)
    return found | response(rows)


def deviation(mine: list[dict[str, Any]]) -> float | None:
    """Standard deviation of all answers: within the records, and of the records around the mean of all."""
    n = sum(one["answers"] for one in mine)
    if n < 2 or any(one["spread"] is None for one in mine):
        return None
    mean = fmean([one["score"] for one in mine], weights=[one["answers"] for one in mine])
    within = sum((one["answers"] - 1) * one["spread"] ** 2 for one in mine)
    between = sum(one["answers"] * (one["score"] - mean) ** 2 for one in mine)
    return float(((within + between) / (n - 1)) ** 0.5)


def response(rows: Rows) -> dict[Key, Figure]:
    """Invited and answered count once for a school, group, moment and day, whatever the questions."""
    asked: dict[Key, tuple[int, int]] = {}
    for row in rows["surveys"]:
        day = measured(row)
        if row.get("invited") is not None and row.get("responded") is not None and day:
            key = (row["initiative_id"], row["school_id"], row["respondent_group"], row["moment"], day)
            before = asked.get(key, (0, 0))
            asked[key] = max(before[0], row["invited"]), max(before[1], row["responded"])
    sums: dict[Key, list[tuple[int, int]]] = defaultdict(list)
    for (initiative, _, group, moment, day), pair in asked.items():
        for period, (first, last) in PERIODS.items():
            if first <= day <= last:
                for unit in [("region", "region")] + [("initiative", i) for i in [initiative] if i]:
                    for part in (("", ""), ("respondent_group", group), ("moment", moment)):
                        if part[1] is not None:
                            sums["survey_response", *unit, period, None, *part].append(pair)
    found: dict[Key, Figure] = {}
    for key, pairs in sums.items():
        invited, answered = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
        found[key] = share(answered, invited, answered)
    return found


def held(db: duckdb.DuckDBPyConnection, rows: Rows) -> dict[Key, Figure]:
    """Build a region, hold its scores against the answers, and give what follows from them."""
    setting(db, "periods.first_year", "2023")
    setting(db, "periods.last_year", "2024")
    for kind, found in rows.items():
        insert(db, kind, found)
    pupil = {
        "child_id": "X",
        "school_id": "99ZA00",
        "start_date": date(2022, 1, 1),
        "end_date": date(2025, 1, 5),
    }
    insert(db, "enrolments", [pupil])
    insert(
        db,
        "schools",
        [{"school_id": "99ZA00", "name": "A", "school_type": "SO", "municipality_code": "9901"}],
    )
    initiatives = [{"initiative_id": i, "name": i, "start_date": day} for i, day in STARTS.items()]
    insert(db, "initiatives", initiatives)
    build_models(db, "+metrics.theme_f_survey +metrics.interval")
    wanted, margins = expected(rows), limits(rows)
    made = rows_of(db, "select * from metrics.theme_f_survey")
    got = {tuple(row[name] for name in KEY): row for row in made if row["period"] in PERIODS}
    wrong = unlike(got, wanted)
    around = {
        tuple(row[name] for name in KEY): (row["lower"], row["upper"])
        for row in rows_of(db, "select * from metrics.interval where lower is not null")
        if row["metric"] in MEANS.values() and row["period"] in PERIODS
    }
    assert around.keys() == margins.keys()
    wrong += [
        f"{key}: {around[key]}, expected {pair}"
        for key, pair in margins.items()
        if around[key] != pytest.approx(pair, rel=1e-9)
    ]
    assert not wrong, "\n".join(wrong[:20])
    return wanted


@pytest.mark.parametrize("seed", [1, 3])
def test_scores_equal_the_answers_behind_them(seed: int) -> None:
    with warehouse() as db:
        rows = region(Random(seed))
        assert len(held(db, rows)) > 150
        assert len(limits(rows)) > 15
