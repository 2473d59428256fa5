"""The programme register: initiatives with their schools, milestones, meetings, budget, experiences."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from zorgdata.synth import calibration as cal
from zorgdata.synth.calendar import OPEN, day, iso
from zorgdata.synth.world import World
from zorgdata.synth.write import Columns, text

_OWNERS = ("projectleider", "beleidsadviseur onderwijs", "contractmanager", "zorgarrangeur")
_QUESTIONS = {
    "jongere": ("rust op school", "nut van de hulp"),
    "ouder": ("rust thuis", "nut van de hulp", "samenwerking: er is een plan"),
    "professional": ("rust in het werk", "samenwerking met school"),
    "leerkracht": ("toerusting: weten over zorg", "werkdruk"),
}
_MILESTONES = (
    # initiative, pillar, name, kind, planned, expected, realised
    ("", "1", "Gezamenlijke visie vastgesteld", "visie", "2022-12-01", "", "2022-11-24"),
    ("", "1", "Samenwerkingsafspraken getekend", "afspraak", "2023-04-01", "", "2023-06-15"),
    ("", "1", "Data in beeld voor alle scholen", "plan", "2023-12-01", "", "2024-01-18"),
    (
        "I01",
        "2",
        "Generalist op elke deelnemende school",
        "samenwerkingsvorm",
        "2022-10-01",
        "",
        "2022-10-01",
    ),
    ("I04", "2", "Vaste partner per school gekozen", "afspraak", "2024-06-01", "", "2024-08-20"),
    ("", "2", "Dekkend aanbod per school beschreven", "plan", "2026-03-01", "2026-08-15", ""),
    ("I03", "3", "Collectieve inzet op clusterscholen", "samenwerkingsvorm", "2023-08-01", "", "2023-08-01"),
    ("I03", "3", "Structurele financiering geregeld", "afspraak", "2026-01-01", "2026-12-01", ""),
    ("I02", "3", "Tussenmeting kleine klas", "plan", "2025-06-01", "", "2025-06-20"),
    ("", "4", "Werkwijze kinderen van buiten de regio", "afspraak", "2026-06-01", "2026-07-10", ""),
    ("I06", "4", "Ontwerp gezamenlijke intake", "plan", "2026-09-01", "", ""),
    ("", "4", "Uitzonderingen jaarlijks besproken", "overig", "2026-12-01", "2026-12-01", ""),
)


def _table(names: str, rows: Sequence[tuple[str, ...]]) -> dict[str, pa.Array]:
    columns = zip(*rows, strict=True) if rows else ((),) * len(names.split(";"))
    return dict(zip(names.split(";"), (text(column) for column in columns), strict=True))


def initiative_columns(world: World) -> Columns:
    """initiatieven.csv: one line per location."""
    rows = []
    for position, item in enumerate(world.programme.initiatives):
        end = "" if item.end == OPEN else iso(item.end)
        owner = _OWNERS[position % len(_OWNERS)]
        base = (iso(item.start - 730), iso(item.start - 1))
        rows += [
            (
                *(item.key, item.name, item.kind, item.phase, iso(item.start), end),
                *(world.schools.brin6[school], owner, *base, item.target_metric, item.target_value),
            )
            for school in item.schools
        ]
    return _table(
        "initiatief_id;naam;soort;fase;start;einde;brin6;eigenaar;nulmeting_van;nulmeting_tot;doel_metric;doel_waarde",
        rows,
    )


def milestone_columns(world: World) -> Columns:
    """mijlpalen.csv"""
    rows = [(f"M{i + 1:02d}", *m) for i, m in enumerate(_MILESTONES)]
    return _table("mijlpaal_id;initiatief_id;pijler;naam;soort;gepland;verwacht;gerealiseerd", rows)


def meeting_columns(world: World) -> Columns:
    """overleg.csv: case tables every six weeks, policy every quarter, boards twice a year."""
    rng = world.streams("meetings")
    rows = []
    for level, every, held in (("casus", 42, 0.93), ("beleid", 91, 0.88), ("bestuur", 182, 0.80)):
        for when in range(day(2022, 9, 6), cal.CUTOFF, every):
            rows.append((level, iso(when), "j" if rng.random() < held else "n"))
    return _table("niveau;datum;gehouden", rows)


def budget_columns(world: World) -> Columns:
    """begroting.csv: items per initiative, party and year; the current year is not closed."""
    rng = world.streams("budgets")
    rows = []
    items = (
        ("jeugdhulp op school", "gemeente"),
        ("extra leerkracht", "samenwerkingsverband"),
        ("coördinatie", "schoolbestuur"),
    )
    for item in world.programme.initiatives:
        first = int(iso(item.start)[:4])
        last = min(int(iso(item.end)[:4]), 2026)
        for year in range(max(first, 2020), last + 1):
            for position, (post, actor) in enumerate(items):
                planned = round(len(item.schools) * (62_000, 38_000, 9_000)[position] / 1_000) * 100_000
                spent = round(planned * float(rng.uniform(0.85, 1.12)) / 10_000) * 10_000
                done = "" if year == 2026 else str(spent)
                rows.append((item.key, post, actor, str(year), str(planned), str(spent), done))
    return _table("initiatief_id;post;actor;jaar;begroot;verwacht;gerealiseerd", rows)


def survey_columns(world: World) -> Columns:
    """ervaringen.csv: three moments for each running initiative, per school and group."""
    rng, detail = world.streams("surveys"), world.streams("survey_detail")
    rows = []
    for item in world.programme.initiatives:
        if item.kind == "overig":
            continue
        for school in item.schools:
            for group, questions in _QUESTIONS.items():
                invited = int(rng.integers(12, 60))
                for moment, name in enumerate(("T0", "T1", "T2")):
                    if item.start + 365 * moment > cal.CUTOFF:
                        continue
                    answered = int(np.floor(invited * float(rng.uniform(0.35, 0.75))))
                    scale = 5 if group == "leerkracht" else 10
                    for question in questions:
                        lift = -0.03 * moment if question == "werkdruk" else 0.04 * moment
                        score = scale * float(np.clip(rng.normal(0.66 + lift, 0.06), 0.2, 1))
                        rows.append(
                            (
                                *(name, item.key, world.schools.brin6[school], group, question),
                                *(f"{score:.1f}", str(scale), str(invited), str(answered)),
                                *(iso(item.start + 365 * moment), str(answered)),
                                *_spread(detail, score, scale, answered),
                            )
                        )
    return _table(
        "meting;initiatief_id;brin6;doelgroep;vraag;score;schaal_max;aantal_uitgenodigd;aantal_respons;"
        "datum;aantal_antwoorden;spreiding;aantal_tevreden",
        rows,
    )


def _spread(rng: np.random.Generator, mean: float, scale: int, answers: int) -> tuple[str, str]:
    """Standard deviation of the answers behind a mean, and how many are 7 or higher on a scale of 1 to 10."""
    answer = np.clip(np.round(rng.normal(mean, 0.16 * scale, answers)), 1, scale)
    high = int((1 + 9 * (answer - 1) / (scale - 1) >= 7).sum())
    return f"{float(answer.std(ddof=1)) if answers > 1 else 0.0:.2f}", str(high)
