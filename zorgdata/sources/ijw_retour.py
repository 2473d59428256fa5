"""Retours: the answer to a message, with codes for the whole, for a client or for a product.

A message without any code was accepted: one record without a code. What the codes mean for the message that
is answered is decided in SQL (``staging.rejected_record``).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from zorgdata.sources.ijw_specs import RETOUR_FIELDS, SPECS, Row, Spec, text_of
from zorgdata.sources.records import Message
from zorgdata.sources.xml import Document, flat, local


def retour_rows(document: Document, spec: Spec, message: Message) -> Iterator[Row]:
    """One record per retour code, in the order of ``Spec.columns``, with the product the code is about."""
    common: tuple[str, ...] = ()
    line = 0
    for element in document.elements("Header"):
        common, line = _envelope(spec, message, flat(element)), element.sourceline or 0
    empty = True
    for element in document.elements("RetourCodes"):
        level, about = _about(spec, element.getparent())
        for code in element.iterfind("{*}RetourCode"):
            empty = False
            yield code.sourceline or 0, (*common, level, text_of(code.text), *about)
    if empty:
        yield line, (*common, "bericht", "", *_NOTHING)


_NOTHING = ("",) * (1 + len(RETOUR_FIELDS))


def _envelope(spec: Spec, message: Message, header: Mapping[str, str]) -> tuple[str, ...]:
    """The parties, the message that is answered, and the day of the answer."""
    answered_on = header.get("DagtekeningRetour") or header.get("BerichtIdentificatie/Dagtekening")
    return (
        message.municipality_code,
        message.provider_id,
        spec.answers,
        message.message_id,
        message.dated_on,
        text_of(answered_on),
    )


def _about(spec: Spec, parent: Any) -> tuple[str, tuple[str, ...]]:
    """What a code is about: level, BSN, and the fields that tell the product from others."""
    name = local(parent.tag)
    if name in ("Header", "DeclaratieAntwoord"):
        return "bericht", _NOTHING
    client = parent if name == "Client" else next(parent.iterancestors("{*}Client"), None)
    bsn = text_of(client.findtext("{*}Bsn")) if client is not None else ""
    if name in ("Client", "Relatie", "Contact"):
        return "client", (bsn, *_NOTHING[1:])
    answered, found = SPECS[spec.answers.casefold()], flat(parent)
    if name != answered.record:  # part of a request for change: only its number tells it apart
        return "product", (bsn, found.get("ToewijzingNummer", ""), *_NOTHING[2:])
    fields = answered.fields
    return "product", (
        bsn,
        *(
            next((found.get(fields[column], "") for column in columns if column in fields), "")
            for columns in RETOUR_FIELDS.values()
        ),
    )
