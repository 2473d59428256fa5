"""From records with identifying values to records that may be stored."""

import unicodedata
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from zorgdata.pseudonym.keyed import Pseudonymiser

_DROPPED = ("bsn", "birth_date", "postcode", "last_name", "initials", "pupil_number", "professional_id")


@dataclass(frozen=True)
class Replaced:
    """Records without identifying values; the masks say which of them cannot be kept, and why.

    ``bad_number``: a BSN was given and fails the eleven-test. ``nobody``: nothing identifies the child. Both
    are boolean arrays of the length of ``records``; a caller drops these rows and reports them.
    """

    records: pa.Table
    bad_number: pa.Array
    nobody: pa.Array


def replace_identity(table: pa.Table, pseudonyms: Pseudonymiser, *, needs_child: bool) -> Replaced:
    """Replace bsn by child_id, birth date by month, postcode by its four digits; drop names and numbers.

    Without a valid BSN a child is known by birth date, sex, postcode, surname and first initial, else by the
    pupil number at its school; such pseudonyms live in a space of their own and are joined to others by
    linkage only.
    """
    names = set(table.column_names)
    size = table.num_rows
    none = pa.array([False] * size, pa.bool_()) if size else pa.array([], pa.bool_())
    bad_number = nobody = none
    out = table
    if "bsn" in names or needs_child:
        given = table["bsn"].combine_chunks() if "bsn" in names else pa.nulls(size, pa.string())
        child = pseudonyms.children(given)
        bad_number = pc.and_(pc.is_valid(given), pc.is_null(child))
        # A sentinel or an empty number may still be a describable child; a wrong number may not.
        unknown = pc.fill_null(pc.is_in(given, pa.array(["000000000", "999999999"])), False)
        bad_number = pc.and_(bad_number, pc.invert(unknown))
        nameless = pc.and_(pc.is_null(child), pc.invert(bad_number))
        if pc.any(nameless).as_py():  # describing a person costs more than a number does
            described = pseudonyms.persons(_descriptions(table.filter(nameless)))
            child = pc.replace_with_mask(child, nameless, described)
        if needs_child:
            nobody = pc.and_(pc.is_null(child), pc.invert(bad_number))
        out = out.append_column("child_id", child)
    if "birth_date" in names:
        out = out.append_column("birth_month", pc.floor_temporal(table["birth_date"], unit="month"))
    if "postcode" in names:
        out = out.append_column("pc4", pc.utf8_slice_codeunits(table["postcode"], 0, 4))
    if "professional_id" in names:
        out = out.append_column("worker_id", pseudonyms.workers(table["professional_id"]))
    return Replaced(out.drop_columns([n for n in _DROPPED if n in names]), bad_number, nobody)


def _descriptions(table: pa.Table) -> pa.Array:
    """One text per record that tells a child from others; null when there is too little."""
    names = set(table.column_names)
    size = table.num_rows

    def text(name: str) -> pa.Array:
        if name not in names:
            return pa.nulls(size, pa.string())
        column = table[name].combine_chunks()
        return column.cast(pa.string())

    surname = pa.array([_name_key(name) for name in text("last_name").to_pylist()], pa.string())
    # Without it twins of one sex would be one child.
    initial = pc.utf8_slice_codeunits(
        pa.array([_name_key(name) for name in text("initials").to_pylist()], pa.string()), 0, 1
    )
    person = pc.binary_join_element_wise(
        text("birth_date"),
        pc.coalesce(text("sex"), pa.scalar("")),
        text("postcode"),
        pc.coalesce(surname, pa.scalar("")),
        pc.coalesce(initial, pa.scalar("")),
        "|",
    )
    at_school = pc.binary_join_element_wise(text("school_id"), text("pupil_number"), "|")
    return pc.coalesce(person, at_school)


def _name_key(name: str | None) -> str | None:
    """A surname without case, accents, spaces and punctuation."""
    if not name:
        return None
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(character for character in plain if character.isalnum()) or None
