"""Planted anomalies: what real deliveries suffer from, each with what must come of it.

Two kinds. What changes the figures (a municipality that is late, a provider under a second code, children at
two schools) is planted in the generated world, so that the expected figures stay right. What a reader must
mend, set aside or count as blank is planted in the files: broken records stand beside the true ones, never
instead of them. ``truth/manifest.json`` lists every one with its physical lines.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from zorgdata.synth import calibration as cal
from zorgdata.synth.calendar import OPEN, days_of, iso
from zorgdata.synth.children import Enrolments
from zorgdata.synth.indications import only
from zorgdata.synth.world import World

LATE_MUNICIPALITY, SECOND_CODE_MUNICIPALITY = 11, 5
_TWICE_ENROLLED = 4

Entry = dict[str, Any]


def spoil(world: World) -> World:
    """Plant what changes figures: a second code, a late municipality, children at two schools."""
    known, providers = world.indications, world.providers
    here = known.municipality == SECOND_CODE_MUNICIPALITY
    here &= known.provider >= providers.general
    busiest = int(np.bincount(known.provider[here], minlength=len(providers.agb)).argmax())
    twin = len(providers.agb)
    providers = replace(
        providers,
        agb=np.append(providers.agb, providers.agb[-1] + 1),
        names=(*providers.names, providers.names[busiest]),
        parent=np.append(providers.parent, busiest),
        consortium=np.append(providers.consortium, providers.consortium[busiest]),
        consortium_later=np.append(providers.consortium_later, providers.consortium_later[busiest]),
        popularity=np.append(providers.popularity, 0.0),
    )
    moved = here & (known.provider == busiest)
    known = replace(known, provider=np.where(moved, twin, known.provider))
    late = known.municipality[world.versions.indication] == LATE_MUNICIPALITY
    known, versions = only(known, world.versions, ~late | (world.versions.decided <= cal.LATE_UNTIL))
    return replace(world, providers=providers, indications=known, versions=versions, stays=_twice(world))


def _twice(world: World) -> Enrolments:
    """A few pupils also stand on the list of a school of another board, both times as main enrolment."""
    stays, schools = world.stays, world.schools
    year = days_of(np.array([2024]), 8, 1)
    able = np.flatnonzero((stays.type == cal.BO) & (stays.start < year - 400) & (stays.end > cal.CUTOFF))
    rows = able[:: max(1, len(able) // _TWICE_ENROLLED)][:_TWICE_ENROLLED]
    boards = np.array(schools.board)
    other = np.array(
        [
            np.flatnonzero((schools.type == cal.BO) & (boards != boards[school]))[0]
            for school in stays.school[rows]
        ],
        dtype=np.int64,
    )
    n = len(rows)
    columns = {
        "child": stays.child[rows],
        "school": other,
        "type": np.full(n, cal.BO, dtype=np.int64),
        "start": np.repeat(year, n),
        "end": np.full(n, OPEN, dtype=np.int64),
        "main": np.ones(n, dtype=np.bool_),
    }
    return Enrolments(**{k: np.concatenate([getattr(stays, k), v]) for k, v in columns.items()})


@dataclass
class _Paper:
    """A file as lines, with what was done to it. Lines are added behind a line, or a line is rewritten."""

    path: Path
    lines: list[str]
    added: dict[int, list[tuple[list[str], Entry]]] = field(default_factory=dict)
    changed: list[tuple[int, Entry]] = field(default_factory=list)

    @property
    def header(self) -> list[str]:
        return self.lines[0].split(";")

    def cells(self, line: int) -> dict[str, str]:
        """Cells of a line (0 is the header) by column."""
        return dict(zip(self.header, self.lines[line].split(";"), strict=True))

    def row(self, cells: dict[str, str]) -> str:
        return ";".join(cells[name] for name in self.header)

    def add(self, behind: int, lines: list[str], entry: Entry) -> None:
        """Put lines behind a line."""
        self.added.setdefault(behind, []).append((lines, entry))

    def change(self, line: int, change: dict[str, str], entry: Entry) -> None:
        """Rewrite cells of a line."""
        self.lines[line] = self.row(self.cells(line) | change)
        self.changed.append((line, entry))

    def finish(self, encoding: str = "utf-8", dirty_lines: dict[int, str] | None = None) -> list[Entry]:
        """Write the file; returns the entries with their physical lines (the header is line 1)."""
        out: list[bytes] = []
        final: dict[int, int] = {}
        entries: list[Entry] = []
        for index, line in enumerate(self.lines):
            out.append(line.encode((dirty_lines or {}).get(index, encoding)))
            final[index] = len(out)
            for lines, entry in self.added.get(index, []):
                first = len(out) + 1
                out += [text.encode(encoding) for text in lines]
                entries.append(self._place(entry, first, len(out)))
        entries += [self._place(entry, final[index], final[index]) for index, entry in self.changed]
        self.path.write_bytes(b"\n".join(out) + b"\n")
        return entries

    def _place(self, entry: Entry, first: int, last: int) -> Entry:
        return {"file": self.path.name, "line_first": first, "line_last": last} | entry


def _set_aside(anomaly: str, reason: str, column: str = "") -> Entry:
    return {"anomaly": anomaly, "expect": "quarantined", "reason_code": reason, "column": column}


def _accepted(anomaly: str, note: str = "", column: str = "") -> Entry:
    return {"anomaly": anomaly, "expect": "accepted", "note_code": note, "column": column}


def plant(inbox: Path, world: World, suffix: str) -> list[Entry]:
    """Plant the anomalies of the files of one region; returns the manifest."""
    code = world.region.municipality_codes
    boards = sorted(set(world.schools.board))
    entries: list[Entry] = []
    plans: list[tuple[str, Callable[[_Paper], list[Entry]]]] = [
        (f"indicaties_{code[0]}.csv", _broken_indications),
        (f"indicaties_{code[1]}.csv", _unquoted),
        (f"indicaties_{code[2]}.csv", _lost_zeros),
        (f"indicaties_{code[3]}.csv", _dutch_dates),
        (f"leerlingen_{boards[0]}.csv", _sentinels),
        (f"leerlingen_{boards[1]}.csv", _utf_16),
        (f"leerlingen_{boards[2]}.csv", _broken_enrolments),
        (f"startstop{suffix}.csv", _decimal_commas),
        (f"scholen{suffix}.csv", _windows_1252),
        (f"plaatsen{suffix}.csv", _mixed_encoding),
    ]
    for name, plan in plans:
        path = inbox / name
        paper = _Paper(path, path.read_text(encoding="utf-8").splitlines())
        entries += plan(paper)
    entries += _delivered_again(inbox, code[4])
    entries += _described(inbox, world, suffix)
    for number, entry in enumerate(entries, 1):
        entry["id"] = f"A{number:03d}"
    return entries


def _broken_indications(paper: _Paper) -> list[Entry]:
    """Records beyond mending, beside the true ones; products nobody knows; totals at the end."""

    def variant(line: int, number: int, **cells: str) -> str:
        return paper.row(paper.cells(line) | {"toewijzingnummer": str(990_000 + number)} | cells)

    base = paper.cells(10)
    wrong = base["bsn"][:-1] + str((int(base["bsn"][-1]) + 1) % 10)
    paper.add(
        5,
        [variant(5, 1, ingangsdatum="2024-05-01", einddatum="2024-04-30")],
        _set_aside("end before start", "end_before_start", "einddatum"),
    )
    paper.add(
        10, [variant(10, 2, bsn=wrong)], _set_aside("BSN fails the eleven-test", "invalid_identifier", "bsn")
    )
    paper.add(
        15,
        [variant(15, 3, ingangsdatum="2024-02-30")],
        _set_aside("no such date", "invalid_date", "ingangsdatum"),
    )
    paper.add(
        20,
        [variant(20, 4, ingangsdatum="")],
        _set_aside("required cell empty", "required_missing", "ingangsdatum"),
    )
    paper.add(
        25,
        [variant(25, 5, leveringsvorm="natura")],
        _set_aside("unknown choice", "unknown_choice", "leveringsvorm"),
    )
    paper.add(
        30, [variant(30, 6, volume="veel")], _set_aside("text for a number", "invalid_number", "volume")
    )
    paper.add(
        35,
        [variant(35, 7, toewijzingsdatum="2924-05-01")],
        _set_aside("year out of range", "date_out_of_range", "toewijzingsdatum"),
    )
    coded = [i for i in range(40, len(paper.lines)) if paper.cells(i)["productcode"] == "45A48"][:2]
    for line in coded:
        paper.change(line, {"productcode": "45X99"}, _accepted("product that is in no product list"))
    last = len(paper.lines) - 1
    cells = len(paper.header)
    paper.add(last, [""], {"anomaly": "blank line", "expect": "blank"})
    paper.add(
        last,
        ["Totaal" + ";" * (cells - 1)],
        _set_aside("row of totals", "totals_row") | {"or_reason_code": "invalid_code"},
    )
    paper.add(last, [";" * (cells - 1)], {"anomaly": "line of empty cells", "expect": "blank"})
    return paper.finish()  # fmt: skip


def _unquoted(paper: _Paper) -> list[Entry]:
    """Quotes and separators: a quote that never closes, lines with too few and too many cells."""
    line = paper.lines[3].split(";")
    open_quote = ";".join([*line[:5], '"' + line[5], *line[6:]])
    paper.add(8, [open_quote], _set_aside("quote that never closes", "unclosed_quote"))
    paper.add(12, [";".join(line[:7])], _set_aside("too few cells", "too_few_fields"))
    paper.add(16, [";".join([*line, "over", "bodig"])], _set_aside("too many cells", "too_many_fields"))
    quoted = paper.lines[20].split(";")
    paper.lines[20] = ";".join(f'"{cell}"' if cell else "" for cell in quoted)
    paper.changed.append((20, _accepted("every cell quoted")))
    return paper.finish()


def _lost_zeros(paper: _Paper) -> list[Entry]:
    """Codes and BSNs that went through a spreadsheet."""
    for line in range(1, len(paper.lines)):
        cells = paper.cells(line)
        change = {c: cells[c].lstrip("0") for c in ("bsn", "eenheid", "verwijzer", "reden_wijziging")}
        paper.lines[line] = paper.row(cells | change)
    first = next((i for i, text in enumerate(paper.lines) if i and len(text.split(";")[1]) == 8), 1)
    paper.changed.append((first, _accepted("leading zeros lost", "zeros_restored", "eenheid")))
    return paper.finish()


def _dutch_dates(paper: _Paper) -> list[Entry]:
    """Dates as dd-mm-jjjj, with windows line ends left out of it."""
    dated = [name for name in paper.header if name.endswith("datum")]
    for line in range(1, len(paper.lines)):
        cells = paper.cells(line)
        paper.lines[line] = paper.row(cells | {name: _dutch(cells[name]) for name in dated})
    paper.changed.append((1, _accepted("dates as dd-mm-jjjj")))
    return paper.finish()


def _dutch(date: str) -> str:
    return "-".join(reversed(date.split("-"))) if date else ""


def _sentinels(paper: _Paper) -> list[Entry]:
    """Three ways to write that there is no end."""
    open_ = [i for i in range(1, len(paper.lines)) if not paper.cells(i)["datum_uitschrijving"]]
    for line, value in zip(open_, ("31-12-9999", "01-01-2100", " ", "9999-12-31"), strict=False):
        note = "open_end" if value.strip() else ""
        entry = _accepted("open end written as a value", note, "datum_uitschrijving")
        paper.change(line, {"datum_uitschrijving": value}, entry)
    return paper.finish()


def _utf_16(paper: _Paper) -> list[Entry]:
    """The whole file in UTF-16 with a byte order mark, as a spreadsheet saves 'Unicode text'."""
    paper.path.write_bytes(("\n".join(paper.lines) + "\n").encode("utf-16"))
    entry = _accepted("file in UTF-16")
    return [{"file": paper.path.name, "line_first": 1, "line_last": len(paper.lines)} | entry]


def _broken_enrolments(paper: _Paper) -> list[Entry]:
    """Pupil rows beyond mending."""
    cells = paper.cells(2)
    paper.add(2, [paper.row(cells | {"brin": "9AA"})], _set_aside("no BRIN", "invalid_school", "brin"))
    paper.add(
        4,
        [paper.row(paper.cells(4) | {"schoolsoort": "BASIS"})],
        _set_aside("unknown type of school", "unknown_choice", "schoolsoort"),
    )
    early = {"datum_inschrijving": "2023-08-01", "datum_uitschrijving": "2023-07-31"}
    paper.add(
        6,
        [paper.row(paper.cells(6) | early)],
        _set_aside("left before coming", "end_before_start", "datum_uitschrijving"),
    )
    paper.add(8, ["", ""], {"anomaly": "blank lines", "expect": "blank"})
    return paper.finish()  # fmt: skip


def _decimal_commas(paper: _Paper) -> list[Entry]:
    """Hours with a decimal comma in the whole file."""
    for line in range(1, len(paper.lines)):
        head, _, hours = paper.lines[line].rpartition(";")
        paper.lines[line] = head + ";" + hours.replace(".", ",")
    paper.changed.append((1, _accepted("decimal comma", "", "uren_geleverd")))
    return paper.finish()


def _windows_1252(paper: _Paper) -> list[Entry]:
    """The whole file in windows-1252, with an accent; one name runs over two lines between quotes."""
    name = paper.cells(1)["naam"]
    paper.change(1, {"naam": name + " Zoë"}, _accepted("file in windows-1252"))
    cells = paper.cells(3)
    first, second = paper.row(cells | {"naam": '"' + cells["naam"] + '\nlocatie Oost"'}).split("\n")
    paper.lines[3] = first
    paper.add(3, [second], _accepted("line break between quotes"))
    entries = paper.finish("cp1252")
    for entry in entries:
        if entry["anomaly"] == "line break between quotes":
            entry["line_first"] -= 1
    return entries


def _mixed_encoding(paper: _Paper) -> list[Entry]:
    """One line in windows-1252 within a file in UTF-8 (a column the contract does not know)."""
    paper.lines[0] += ";opmerking"
    paper.lines[1] += ";café"
    paper.lines[2] += ";coördinaat geschat"
    for line in range(3, len(paper.lines)):
        paper.lines[line] += ";"
    paper.changed.append((2, _accepted("one line in another encoding", "line_read_as_windows_1252")))
    return paper.finish(dirty_lines={2: "cp1252"})


def _delivered_again(inbox: Path, code: str) -> list[Entry]:
    """Rows that were delivered before come again in another file: they may count once."""
    lines = (inbox / f"indicaties_{code}.csv").read_text(encoding="utf-8").splitlines()
    path = inbox / f"indicaties_{code}_nalevering.csv"
    path.write_text("\n".join(lines[:21]) + "\n", encoding="utf-8")
    entry = _accepted("rows delivered before")
    return [{"file": path.name, "line_first": 2, "line_last": 21} | entry]


def _described(inbox: Path, world: World, suffix: str) -> list[Entry]:
    """Entries for what ``spoil`` and the late municipality planted."""
    region = world.region
    late = f"indicaties_{region.municipality_codes[LATE_MUNICIPALITY]}.csv"
    twin = str(world.providers.agb[-1])
    listed = (inbox / f"aanbieders{suffix}.csv").read_text(encoding="utf-8").splitlines()
    line = next(i for i, row in enumerate(listed, 1) if row.startswith(twin))
    out: list[Entry] = [
        {"file": late, "line_first": 1, "line_last": 1, "until": iso(cal.LATE_UNTIL)}
        | _accepted("municipality delivered nothing of the last quarter"),
        {"file": f"aanbieders{suffix}.csv", "line_first": line, "line_last": line}
        | _accepted("provider under a second code"),
    ]
    for row in range(len(world.stays.child) - _TWICE_ENROLLED, len(world.stays.child)):
        brin6 = world.schools.brin6[world.stays.school[row]]
        number = int(world.children.bsn[world.stays.child[row]])
        board = world.schools.board[world.stays.school[row]]
        path = inbox / f"leerlingen_{board}.csv"
        data = path.read_bytes()
        content = data.decode("utf-16" if data.startswith(b"\xff\xfe") else "utf-8").splitlines()
        start = f"{brin6[:4]};{brin6[4:]};{number:09d};"
        line = next(i for i, text in enumerate(content, 1) if text.startswith(start))
        place = {"file": path.name, "line_first": line, "line_last": line}
        out.append(place | _accepted("child on the lists of two schools"))
    return out
