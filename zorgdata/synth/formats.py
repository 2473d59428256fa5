"""Deliveries as they look in the real world: JW301 messages of one municipality, DUO's files 02 and 06."""

from pathlib import Path

import numpy as np

from zorgdata.synth import calibration as cal
from zorgdata.synth.calendar import OPEN, Bools, days_of, iso
from zorgdata.synth.identifiers import bsn
from zorgdata.synth.indications import REASONS
from zorgdata.synth.products import FREQUENCY, NONE, PRODUCTS, UNIT, VOLUME_KIND
from zorgdata.synth.world import World

MESSAGES_MUNICIPALITY = 13
"""This municipality (9914) sends what it decided since ``MESSAGES_FROM`` as messages, the rest as a file."""
MESSAGES_FROM = cal.PROVISIONAL_FROM

_ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<jw301:Bericht xmlns:ijw="http://www.istandaarden.nl/ijw/3_2/basisschema/schema" \
xmlns:jw301="http://www.istandaarden.nl/ijw/3_2/jw301/schema">
<jw301:Header>
<jw301:BerichtCode>436</jw301:BerichtCode><jw301:BerichtVersie>3</jw301:BerichtVersie>\
<jw301:BerichtSubversie>2</jw301:BerichtSubversie>
<jw301:Afzender>{municipality}</jw301:Afzender><jw301:Ontvanger>{agb}</jw301:Ontvanger>
<jw301:BerichtIdentificatie><ijw:Identificatie>{serial}</ijw:Identificatie>\
<ijw:Dagtekening>{decided}</ijw:Dagtekening></jw301:BerichtIdentificatie>
<jw301:XsdVersie><ijw:BasisschemaXsdVersie>1.0.0</ijw:BasisschemaXsdVersie>\
<ijw:BerichtXsdVersie>1.0.0</ijw:BerichtXsdVersie></jw301:XsdVersie>
</jw301:Header>
<jw301:Client>
<jw301:Bsn>{bsn}</jw301:Bsn>
<jw301:Geboortedatum><ijw:Datum>{birth}</ijw:Datum></jw301:Geboortedatum>
<jw301:Geslacht>{sex}</jw301:Geslacht>
<jw301:Naam><ijw:Geslachtsnaam><ijw:Achternaam>Kind-{index:06d}</ijw:Achternaam></ijw:Geslachtsnaam>\
<ijw:NaamGebruik>1</ijw:NaamGebruik></jw301:Naam>
<jw301:Contactgegevens><jw301:Contact><jw301:Soort>03</jw301:Soort><jw301:Adres>\
<ijw:Postcode>{postcode}</ijw:Postcode></jw301:Adres></jw301:Contact></jw301:Contactgegevens>
<jw301:ToegewezenProducten>
{products}
</jw301:ToegewezenProducten>
</jw301:Client>
</jw301:Bericht>
"""
_LETTERS = ("ZZ", "ZQ", "ZU", "ZY", "ZO", "ZI")


def as_messages(world: World) -> Bools:
    """Versions that are sent as messages (never pgb: that is in no message)."""
    versions, known = world.versions, world.indications
    rows = versions.indication
    sent = (known.municipality[rows] == MESSAGES_MUNICIPALITY) & (versions.decided >= MESSAGES_FROM)
    return np.asarray(sent & ~known.pgb[rows], dtype=np.bool_)


def write_messages(folder: Path, world: World) -> int:
    """One JW301 per client, provider and day of decision; returns the number of messages."""
    rows = np.flatnonzero(as_messages(world))
    versions, known, children = world.versions, world.indications, world.children
    about = versions.indication[rows]
    order = np.lexsort(
        (versions.seconds[rows], known.provider[about], known.child[about], versions.decided[rows])
    )
    groups: dict[tuple[int, int, int], list[int]] = {}
    for row in rows[order].tolist():
        item = versions.indication[row]
        key = (int(versions.decided[row]), int(known.child[item]), int(known.provider[item]))
        groups.setdefault(key, []).append(row)
    if groups:
        folder.mkdir(exist_ok=True)
    code = world.region.municipality_codes[MESSAGES_MUNICIPALITY]
    for serial, ((decided, child, provider), members) in enumerate(groups.items(), 1):
        products = "\n".join(_product(world, row) for row in members)
        text = _ENVELOPE.format(
            municipality=code,
            agb=int(world.providers.agb[provider]),
            serial=f"{code}{serial:08d}",
            decided=iso(decided),
            bsn=f"{int(bsn(children.serial[[child]])[0]):09d}",
            birth=iso(int(children.birth[child])),
            sex=int(children.sex[child]),
            index=child,
            postcode=f"{int(children.pc4[child])}{_LETTERS[int(children.letters[child])]}",
            products=products,
        )
        path = folder / f"JW301_{code}_{serial:05d}.xml"
        path.write_bytes(text.replace("\n", "\r\n").encode())
    return len(groups)


def _product(world: World, row: int) -> str:
    """One ToegewezenProduct; elements in the order of the schema."""
    versions, known = world.versions, world.indications
    item = int(versions.indication[row])
    product = PRODUCTS[int(known.product[item])]
    aspecific = bool(known.aspecific[item])
    kind = NONE if aspecific else int(VOLUME_KIND[known.product[item]])
    end, reason = int(versions.end[row]), REASONS[int(versions.reason[row])]
    clock = str(np.timedelta64(int(versions.seconds[row]), "s").astype(object)).zfill(8)
    parts = [
        f"<jw301:ToewijzingNummer>{known.number[item]}</jw301:ToewijzingNummer>",
        f"<jw301:Product><ijw:Categorie>{product.category}</ijw:Categorie>"
        + ("" if aspecific else f"<ijw:Code>{product.code}</ijw:Code>")
        + "</jw301:Product>",
        f"<jw301:Toewijzingsdatum>{iso(int(versions.decided[row]))}</jw301:Toewijzingsdatum>",
        f"<jw301:Toewijzingstijd>{clock}</jw301:Toewijzingstijd>",
        f"<jw301:Ingangsdatum>{iso(int(known.start[item]))}</jw301:Ingangsdatum>",
    ]
    if end < OPEN:
        parts.append(f"<jw301:Einddatum>{iso(end)}</jw301:Einddatum>")
    if reason:
        parts.append(f"<jw301:RedenWijziging>{reason}</jw301:RedenWijziging>")
    if kind != NONE:
        parts.append(
            f"<jw301:Omvang><ijw:Volume>{versions.volume[row]}</ijw:Volume><ijw:Eenheid>{UNIT[kind]}</ijw:Eenheid>"
            f"<ijw:Frequentie>{FREQUENCY[kind]}</ijw:Frequentie></jw301:Omvang>"
        )
    return "<jw301:ToegewezenProduct>" + "".join(parts) + "</jw301:ToegewezenProduct>"


_DUO_02 = (
    "PROVINCIE;BEVOEGD GEZAG NUMMER;INSTELLINGSCODE;VESTIGINGSCODE;VESTIGINGSNAAM;STRAATNAAM;"
    "HUISNUMMER-TOEVOEGING;POSTCODE;PLAATSNAAM;GEMEENTENUMMER;GEMEENTENAAM;DENOMINATIE;TELEFOONNUMMER;"
    "INTERNETADRES;STRAATNAAM CORRESPONDENTIEADRES;HUISNUMMER-TOEVOEGING CORRESPONDENTIEADRES;"
    "POSTCODE CORRESPONDENTIEADRES;PLAATSNAAM CORRESPONDENTIEADRES;NODAAL GEBIED CODE;NODAAL GEBIED NAAM;"
    "RPA-GEBIED CODE;RPA-GEBIED NAAM;WGR-GEBIED CODE;WGR-GEBIED NAAM;COROPGEBIED CODE;COROPGEBIED NAAM;"
    "ONDERWIJSGEBIED CODE;ONDERWIJSGEBIED NAAM;RMC-REGIO CODE;RMC-REGIO NAAM;VAKANTIEREGIO"
)


def write_duo(folder: Path, world: World, suffix: str) -> dict[str, int]:
    """Addresses of primary schools (windows-1252, CRLF, an empty cell is a space) and their pupil history."""
    schools, region = world.schools, world.region
    lines = [_DUO_02]
    for i, brin6 in enumerate(schools.brin6):
        if schools.type[i] != cal.BO:
            continue
        home = int(schools.municipality[i])
        place = region.municipality_names[home].upper()
        postcode = f"{int(schools.pc4[i])} {_LETTERS[int(schools.type[i]) % 6]}"
        lines.append(
            ";".join(
                [
                    *(
                        "Fictieland",
                        schools.board[i],
                        brin6[:4],
                        brin6,
                        schools.names[i],
                        "Schoolstraat",
                        str(i + 1),
                    ),
                    *(postcode, place, region.municipality_codes[home], place, "Openbaar", " ", " "),
                    *("Schoolstraat", str(i + 1), postcode, place, *([" "] * 12), "Oost"),
                ]
            )
        )
    addresses = f"duo_02_vestigingen_basisonderwijs{suffix}.csv"
    (folder / addresses).write_bytes(("\r\n".join(lines) + "\r\n").encode("cp1252"))
    history = f"duo_06_leerlingen_per_vestiging{suffix}.csv"
    count = _write_history(folder / history, world)
    return {addresses: len(lines) - 1, history: count}


def _write_history(path: Path, world: World) -> int:
    """Pupils on 1 October per year, with the header names and the unpadded municipality codes of file 06."""
    schools, region, stays = world.schools, world.region, world.stays
    years = range(cal.FIRST_SCHOOL_YEAR, cal.FIRST_SCHOOL_YEAR + cal.SCHOOL_YEARS)
    counts = []
    for date in days_of(np.array(years), 10, 1).tolist():
        there = (stays.start <= date) & (stays.end >= date) & stays.main
        counts.append(np.bincount(stays.school[there], minlength=len(schools.names)))
    head = (
        "INSTELLINGSCODE;VESTIGINGSCODE;NAAM_VESTIGING;SOORT_VESTIGING;DENOMINATIE_VESTIGING;"
        "BEVOEGD_GEZAG_NUMMER;GEMEENTECODE_VESTIGING;GEMEENTENAAM_VESTIGING"
    )
    lines = [head + "".join(f";LEERLINGEN_{year}" for year in years)]
    for i, brin6 in enumerate(schools.brin6):
        if schools.type[i] in (cal.VO, cal.PRO):
            continue
        home = int(schools.municipality[i])
        row = [
            brin6[:4],
            brin6,
            schools.names[i],
            cal.TYPES[int(schools.type[i])],
            "Openbaar",
            schools.board[i],
        ]
        row += [str(int(region.municipality_codes[home])), region.municipality_names[home].upper()]
        lines.append(";".join(row + [str(int(c[i])) for c in counts]))
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("utf-8-sig"))
    return len(lines) - 1
