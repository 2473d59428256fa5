"""From arguments to folders: generate every region, write its files, then what a test may know."""

from pathlib import Path

import numpy as np

from zorgdata.errors import UsageError
from zorgdata.synth import absence, duo, messages, register, results, supply, surroundings
from zorgdata.synth import calibration as cal
from zorgdata.synth.deliver import (
    consortium_name,
    enrolment_columns,
    indication_columns,
    write_products,
    write_providers,
    write_schools,
)
from zorgdata.synth.dirty import plant, spoil
from zorgdata.synth.summary import SynthSummary
from zorgdata.synth.truth import Row, write_json, write_truth
from zorgdata.synth.world import World, make_world
from zorgdata.synth.write import write_csv, write_groups


def generate(out: Path, scale: cal.ScaleName, seed: int, dirty: bool = False) -> SynthSummary:
    """Write a fictitious region to ``out/inbox`` and what is true of it to ``out/truth``.

    The same arguments give the same bytes. ``small`` has about 3,000 pupils at 24 schools, ``region``
    95,000 at 270, ``national`` 25 such regions (file names then end in the number of the region). ``dirty``
    plants anomalies and lists them in ``truth/manifest.json``.
    """
    if scale not in cal.SCALES:
        raise UsageError(f"unknown scale '{scale}'", f"Choose one of: {', '.join(cal.SCALES)}.")
    if seed < 0:
        raise UsageError("the seed is negative", "Choose 0 or a positive number.")
    size = cal.SCALES[scale]
    inbox, truth = out / "inbox", out / "truth"
    inbox.mkdir(parents=True, exist_ok=True)
    truth.mkdir(parents=True, exist_ok=True)
    files: dict[str, int] = {}
    codes: list[str] = []
    names: dict[str, str] = {}
    reached: list[Row] = []
    effects: list[Row] = []
    children = schools = indications = 0
    for number in range(size.regions):
        world = make_world(seed, number, size)
        if dirty and not number:
            world = spoil(world)
        suffix = f"_{number + 1:02d}" if size.regions > 1 else ""
        rows, true = write_truth(truth, world, suffix)
        reached += rows
        effects += true
        files |= write_region(inbox, world, suffix)
        if dirty and not number:
            write_json(truth / "manifest.json", plant(inbox, world, suffix))
        codes += world.region.municipality_codes[: world.region.inside]
        places = zip(world.region.municipality_codes, world.region.municipality_names, strict=True)
        names |= {code: name for code, name in places if code in codes}
        children += len(world.children.birth)
        schools += len(world.schools.names)
        indications += len(world.indications.start)
    write_json(truth / "calibration.json", reached)
    write_json(truth / "effects.json", effects)
    return SynthSummary(
        inbox,
        truth,
        scale,
        seed,
        dirty,
        "Regio Esterloo",
        tuple(codes),
        files,
        children,
        schools,
        indications,
        names,
    )


def write_region(inbox: Path, world: World, suffix: str) -> dict[str, int]:
    """Write the deliveries of one region; returns the records per file."""
    region, schools = world.region, world.schools
    files: dict[str, int] = {}
    delivers = world.indications.municipality[world.versions.indication] < (
        region.inside + cal.OUTSIDE_DELIVERING
    )
    files |= write_groups(
        inbox,
        "indicaties",
        indication_columns(region, world.children, world.providers, world.indications, world.versions),
        world.indications.municipality[world.versions.indication],
        region.municipality_codes,
        only=delivers & ~messages.as_messages(world),
    )
    boards = sorted(set(schools.board))
    files |= write_groups(
        inbox,
        "leerlingen",
        enrolment_columns(schools, world.children, world.stays),
        np.searchsorted(boards, np.array(schools.board))[world.stays.school].astype(np.int64),
        boards,
    )
    name = f"scholen{suffix}.csv"
    files[name] = write_schools(inbox / name, region, schools, lead_partners(world))
    name = f"aanbieders{suffix}.csv"
    files[name] = write_providers(inbox / name, region, world.providers)
    if not region.number:
        files["producten.csv"] = write_products(inbox / "producten.csv", region)
    rows = supply.reported(world)
    others = {
        "startstop": supply.delivery_columns(world, rows),
        "declaraties": supply.declaration_columns(world, rows, world.scale.declaration_years),
        "arrangementen": surroundings.arrangement_columns(world),
        "verzuim": absence.absence_columns(world),
        "voorveld": surroundings.light_columns(world),
        "collectief": surroundings.collective_columns(world),
        "vervoer": surroundings.transport_columns(world),
        "uitstroom": surroundings.leaver_columns(world),
        "aanbod": surroundings.offer_columns(world),
        "bevolking": surroundings.population_columns(world),
        "plaatsen": surroundings.place_columns(world),
        "uitkomsten": results.outcome_columns(world),
        "domeinen": results.domain_columns(world),
    }
    if not region.number:
        others |= {
            "initiatieven": register.initiative_columns(world),
            "mijlpalen": register.milestone_columns(world),
            "overleg": register.meeting_columns(world),
            "begroting": register.budget_columns(world),
            "ervaringen": register.survey_columns(world),
        }
    for stem, columns in others.items():
        name = f"{stem}{suffix}.csv"
        files[name] = write_csv(inbox / name, columns)
    files |= duo.write_duo(inbox, world, suffix)
    folder = f"ijw_{region.municipality_codes[messages.MUNICIPALITY]}"
    files[folder] = messages.write_messages(inbox / folder, world)
    return files


def lead_partners(world: World) -> list[str]:
    """The fixed partner of each school as the school list names it: the consortium, else the provider."""
    out = []
    for partner in world.programme.partner.tolist():
        name = consortium_name(world.region, int(world.providers.consortium_later[partner]))
        out.append("" if partner < 0 else name or str(world.providers.agb[partner]))
    return out
