"""Many small files at once: records are handled and stored by the thousand, results are per file."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zorgdata.errors import SourceError
from zorgdata.landing.intake import Intake
from zorgdata.landing.ledger import Original
from zorgdata.landing.result import FileResult, municipality_of, refused
from zorgdata.landing.storable import set_aside, storable
from zorgdata.sources.records import Bundle, Delivery, Part

_NOT_TAKEN = -1  # the number of a file of which no record is taken


def take_bundle(intake: Intake, originals: Sequence[Original], bundle: Bundle) -> list[FileResult]:
    """Load the files of a bundle; the results are those of loading them one after another.

    A file that cannot be read, that changed while it was read, or whose bytes came in before gives
    no record; the others do not suffer.
    """
    loading = _Loading(intake, originals, bundle)
    for part in bundle.parts:
        loading.take(part)
    return [loading.settle(place) for place in range(len(originals))]


class _Loading:
    """A bundle on its way into the landing: per file its number, what was read, accepted and set aside."""

    def __init__(self, intake: Intake, originals: Sequence[Original], bundle: Bundle) -> None:
        self.intake, self.originals, self.files = intake, originals, bundle.files
        size = len(originals)
        self.numbers: dict[int, int] = {}
        self.refusals: dict[int, SourceError] = {}
        self.taken_as = np.full(size, _NOT_TAKEN, np.int64)
        self.read, self.accepted = np.zeros(size, np.int64), np.zeros(size, np.int64)
        self.rejects: dict[int, list[dict[str, Any]]] = defaultdict(list)
        self.headers: dict[int, tuple[tuple[str, str], ...]] = {}
        taken: set[str] = set()
        for place, (original, (_, delivery)) in enumerate(zip(originals, bundle.files, strict=True)):
            if intake.is_known(original) or original.sha256 in taken:
                continue
            self.numbers[place] = intake.number()
            try:
                if isinstance(delivery, SourceError):
                    raise delivery
                original.refuse_growing()
            except SourceError as error:
                self.refusals[place] = error
                continue
            taken.add(original.sha256)
            self.taken_as[place] = self.numbers[place]

    def take(self, part: Part) -> None:
        """Store the records of a part that belong to files that are taken."""
        batch, size = self.intake.batch, len(self.originals)
        wanted = self.taken_as[part.places] != _NOT_TAKEN
        records = part.chunk.records if wanted.all() else part.chunk.records.filter(pa.array(wanted))
        places = part.places[wanted]
        stored = storable(replace(part.chunk, records=records), self.intake.pseudonyms)
        file_ids = self.taken_as[places]
        if not self.intake.request.dry_run:
            batch.begin()
            if self.intake.codes and stored.children is not None:
                self.intake.codes.add(part.chunk.kind, pa.array(file_ids), records, stored.children)
            batch.add_records(part.chunk.kind, file_ids[stored.kept], stored.records)
        self.accepted += _per_file(places[stored.kept], size)
        self.read += _per_file(places, size) + _per_file(np.array(part.reject_places, np.int64), size)
        for place, reject in zip(part.reject_places, part.chunk.rejects, strict=True):
            self.rejects[place].append(set_aside(reject))
        for row, refusal in stored.refused:
            self.rejects[int(places[row])].append(refusal)

    def settle(self, place: int) -> FileResult:
        """The result of one file, put into the ledger."""
        original, (_, delivery) = self.originals[place], self.files[place]
        if place not in self.numbers:
            return self.intake.known(original)
        number = self.numbers[place]
        if place in self.refusals or isinstance(delivery, SourceError):
            result = refused(original.path, self.refusals[place])
            self.intake.settle(number, original, result)
            return result
        rejects = sorted(self.rejects.get(place, ()), key=lambda r: (r["line_first"], r["line_last"]))
        read, accepted = int(self.read[place]), int(self.accepted[place])
        if read != accepted + len(rejects):
            raise AssertionError(f"{original.path.name}: {read} records read do not add up")
        result = FileResult(
            original.path,
            "loaded",
            kind=delivery.kind,
            profile=delivery.profile,
            read=read,
            accepted=accepted,
            quarantined=len(rejects),
            encoding=delivery.encoding,
            separator=delivery.separator,
            header=self._header(delivery),
            notes=tuple(note.message for note in delivery.notes),
            rejects=tuple(rejects),
            municipality_code=self.intake.request.municipality or municipality_of(delivery.message),
            kinds=(delivery.kind,) if read else (),
        )
        if rejects and not self.intake.request.dry_run:
            self.intake.batch.add_rejects(number, rejects)
        self.intake.settle(number, original, result, delivery.message)
        return result

    def _header(self, delivery: Delivery) -> tuple[tuple[str, str], ...]:
        """The header as pairs, one object for all messages of a sort."""
        return self.headers.setdefault(id(delivery.header), tuple(delivery.header.items()))


def _per_file(places: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.int64]:
    return np.bincount(places, minlength=size).astype(np.int64)
