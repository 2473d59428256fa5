"""The fictitious schools as DUO would publish them: file 02 (addresses), file 06 (history of counts)."""

from pathlib import Path

import numpy as np

from zorgdata.synth import calibration as cal
from zorgdata.synth.calendar import days_of
from zorgdata.synth.world import World
from zorgdata.synth.write import LETTERS

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
        postcode = f"{int(schools.pc4[i])} {LETTERS[int(schools.type[i]) % 6]}"
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
