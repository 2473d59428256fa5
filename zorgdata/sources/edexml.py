"""Edexml pupil lists (Edustandaard 1.0.3, 2.0 and 2.1) as enrolments. Teachers are never read.

What the standard leaves open, and what is done about it, each with a note: a pupil without a date of entry is
taken as enrolled from the first day of the list's school year; the branch is that of the whole list, as the
key of a ``vestiging`` is the school's own and no BRIN branch, unless it is written as the BRIN with a branch.
Groups of children who are no pupils get a grade that says so; a 0 elsewhere is a first year of school.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa

from zorgdata.errors import SourceError
from zorgdata.sources.assemble import Plan, assemble
from zorgdata.sources.kinds import KINDS
from zorgdata.sources.raw import BadLine, Raw
from zorgdata.sources.reasons import NoteCode, Reason
from zorgdata.sources.records import CHUNK_RECORDS, Chunk, Delivery, Notebook
from zorgdata.sources.xml import Document, flat, local, open_document

_HEADERS = {
    "brin": "brincode",
    "branch": "dependancecode",
    "bsn": "bsn",
    "birth_date": "geboortedatum",
    "sex": "geslacht",
    "postcode": "postcodenl",
    "last_name": "achternaam",
    "initials": "voorletters-1",
    "pupil_number": "key",
    "grade": "jaargroep",
    "start_date": "instroomdatum",
    "end_date": "uitstroomdatum",
}
_FIELDS = {
    column: element for column, element in _HEADERS.items() if column not in ("brin", "branch", "grade")
}
_HISTORIC = "H"
_NO_PUPILS = {"B": "baby", "D": "dreumes", "0": "peuter", "N": "geen po/vo"}


@dataclass
class _School:
    """What the head of a list says about every pupil on it."""

    brin: str
    branch: str
    year_start: str
    version: str
    grades: dict[str, str] = field(default_factory=dict)


def is_edexml(document: Document) -> bool:
    """Whether a document is an Edexml list."""
    return document.name == "EDEX"


def _school(document: Document) -> _School:
    found = next((flat(element) for element in document.elements("school")), {})
    name = document.path.name
    brin = found.get("brincode", "").strip()
    if not brin:
        hint = (
            "Lijsten uit Vlaanderen hebben een instellingsnummer; dat hoort niet bij een Nederlandse school."
        )
        raise SourceError(f"{name}: Edexml zonder brincode.", hint if "instellingsnummer" in found else "")
    year = re.match(r"(\d{4})-(\d{4})$", found.get("schooljaar", "").strip())
    if not year:
        raise SourceError(
            f"{name}: Edexml zonder schooljaar.", "Verwacht: jjjj-jjjj in het element schooljaar."
        )
    branch = found.get("dependancecode", "").strip() or "00"
    version = found.get("xsdversie", "").strip() or "?"
    return _School(brin, branch, f"{year[1]}-08-01", version)


def _start(school: _School, entry: str, left: str) -> str:
    """Date of entry; else the first of August of the list's school year, or of the one a pupil left in."""
    if entry:
        return entry
    if re.match(r"\d{4}-\d\d-\d\d", left) and left[:10] < school.year_start:
        year = int(left[:4]) - (left[5:10] < "08-01")
        return f"{year}-08-01"
    return school.year_start


Row = tuple[int, dict[str, str], bool]  # line, texts by column, whether the start is assumed


def _rows(document: Document, school: _School) -> Iterator[Row | BadLine]:
    for element in document.elements("groepen", "leerling"):
        if local(element.tag) == "groepen":
            _learn_grades(element, school)
            continue
        found = flat(element)
        line = element.sourceline or 0
        grade = found.get("jaargroep", "").strip()
        if not grade:
            group = element.find("{*}groep")
            grade = school.grades.get(group.get("key", ""), "") if group is not None else ""
        texts = {column: found.get(name, "").strip() for column, name in _FIELDS.items()}
        if grade == _HISTORIC and not texts["end_date"]:
            yield BadLine(line, line, Reason.REQUIRED_MISSING, "end_date")
            continue
        assumed = not texts["start_date"]
        texts |= {
            "brin": school.brin,
            "branch": _branch(school, element),
            "pupil_number": element.get("key", "").strip(),
            "grade": "" if grade == _HISTORIC else _NO_PUPILS.get(grade.upper(), grade),
            "start_date": _start(school, texts["start_date"], texts["end_date"]),
        }
        yield line, texts, assumed


def _branch(school: _School, pupil: Any) -> str:
    """The branch in the key of a pupil's ``vestiging``, when it is a BRIN6 of the school; else the list's."""
    place = pupil.find("{*}vestiging")
    key = place.get("key", "").strip().upper() if place is not None else ""
    return key[4:] if _names_branch(school, key) else school.branch


def _names_branch(school: _School, key: str) -> bool:
    """Whether the key of a ``vestiging`` is the BRIN of the school with a branch."""
    return re.fullmatch(re.escape(school.brin) + r"\d\d", key.strip(), re.IGNORECASE) is not None


def _learn_grades(groups: Any, school: _School) -> None:
    for group in groups:
        grade = (group.findtext("{*}jaargroep") or "").strip()
        if grade:
            school.grades[group.get("key", "")] = grade


def _raw(part: list[Row | BadLine]) -> Raw:
    rows = [item for item in part if not isinstance(item, BadLine)]
    lines = np.array([line for line, _, _ in rows], np.int64)
    columns = {name: pa.array([texts[name] for _, texts, _ in rows], pa.string()) for name in _HEADERS}
    raw = Raw(columns, lines, lines, [item for item in part if isinstance(item, BadLine)])
    raw.note(NoteCode.START_ASSUMED, [line for line, _, assumed in rows if assumed])
    return raw


def deliver_edexml(document: Document) -> Delivery:
    """A pupil list as a delivery."""
    school = _school(document)
    path = document.path
    several = sum(
        not _names_branch(school, place.get("key", ""))
        for places in document.elements("vestigingen")
        for place in places
    )

    def chunks(notebook: Notebook) -> Iterator[Chunk]:
        notebook.add(NoteCode.BRANCH_OF_LIST, "vestiging", min(several, 1))
        rows = _rows(open_document(path), school)
        plan = Plan(KINDS["enrolments"], headers=_HEADERS)
        while part := list(islice(rows, CHUNK_RECORDS)):
            yield assemble(_raw(part), plan, notebook)

    return Delivery(
        path=path,
        kind="enrolments",
        profile=f"edexml_{school.version}",
        encoding="xml",
        separator="",
        header={element: column for column, element in _HEADERS.items()},
        source=chunks,
    )
