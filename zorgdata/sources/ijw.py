"""iJw messages, releases 3.0 to 3.2: which elements become which columns.

Elements are found by local name; the release comes from the namespace. Names, addresses, relations and
comments are never read, except the postcode of a client's registered address in a JW301.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from zorgdata.errors import SourceError
from zorgdata.sources.records import Message
from zorgdata.sources.xml import Document, flat, local

_NAMESPACE = re.compile(r"/(i\w+)/(\d)_(\d)/(\w+)/schema")
_PERSON = {"bsn": "Bsn", "sex": "Geslacht"}
_ORDER = {
    "volume": "Omvang/Volume",
    "unit": "Omvang/Eenheid",
    "frequency": "Omvang/Frequentie",
    "budget_cents": "Budget",
}
_PRODUCT = {"product_category": "Product/Categorie", "product_code": "Product/Code"}
_DELIVERED = {
    "allocation_number": "ToewijzingNummer",
    **_PRODUCT,
    "start_date": "Begindatum",
    "delivery_status": "StatusAanlevering",
}


RETOUR_FIELDS = (
    "message_name",
    "message_id",
    "answered_on",
    "message_level",
    "allocation_number",
    "return_code",
)


@dataclass(frozen=True)
class Spec:
    """One message: what it becomes and where its values are.

    ``record`` is the element that makes a record, ``fields`` are paths in it, ``client`` paths in the client
    around it, ``header`` texts from the envelope.
    """

    code: str
    name: str
    kind: str
    record: str
    fields: Mapping[str, str]
    client: Mapping[str, str] = field(default_factory=dict)
    from_municipality: bool = False
    answers: str = ""

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns the message fills, in the order of its rows."""
        if self.kind == "retours":
            return ("municipality_code", "provider_id", *RETOUR_FIELDS)
        names = ["municipality_code", "provider_id", *self.client, *self.fields]
        match self.kind:
            case "indications":
                names += ["birth_date", "postcode", "delivery_form"]
            case "referrals":
                names += ["birth_date", "applied_on"]
            case "requests":
                names += ["message_name", "dated_on"]
            case "declarations":
                names += ["declaration_number"]
        return tuple(names)


_SPECS = (
    Spec(
        "436",
        "JW301",
        "indications",
        "ToegewezenProduct",
        {
            "allocation_number": "ToewijzingNummer",
            "provider_reference": "ReferentieAanbieder",
            **_PRODUCT,
            "decided_on": "Toewijzingsdatum",
            "decided_time": "Toewijzingstijd",
            "start_date": "Ingangsdatum",
            "end_date": "Einddatum",
            "change_reason": "RedenWijziging",
            **_ORDER,
        },
        _PERSON,
        from_municipality=True,
    ),
    Spec("438", "JW305", "deliveries", "StartProduct", _DELIVERED, {"bsn": "Bsn"}),
    Spec(
        "440",
        "JW307",
        "deliveries",
        "StopProduct",
        {**_DELIVERED, "end_reason": "RedenBeeindiging", "end_date": "Einddatum"},
        {"bsn": "Bsn"},
    ),
    Spec(
        "446",
        "JW315",
        "referrals",
        "AangevraagdProduct",
        {
            "provider_reference": "ReferentieAanbieder",
            **_PRODUCT,
            "requested_start": "ToewijzingIngangsdatum",
            "requested_end": "ToewijzingEinddatum",
            **_ORDER,
            "referrer": "Verwijzer/Type",
        },
        _PERSON,
    ),
    Spec(
        "486",
        "JW317",
        "requests",
        "Verzoek",
        {"provider_reference": "ReferentieAanbieder", "request_reason": "RedenVerzoek"},
    ),
    Spec(
        "488",
        "JW319",
        "requests",
        "Antwoord",
        {
            "provider_reference": "ReferentieAanbieder",
            "answer": "VerzoekAntwoord",
            "rejection_reason": "RedenAfwijzingVerzoek",
        },
        from_municipality=True,
    ),
    Spec(
        "490",
        "JW323",
        "declarations",
        "Prestatie",
        {
            "reference_number": "ProductReferentie/ReferentieNummer",
            "previous_reference": "ProductReferentie/VorigReferentieNummer",
            "allocation_number": "ToewijzingNummer",
            "product_category": "ProductCategorie",
            "product_code": "ProductCode",
            "start_date": "ProductPeriode/Begindatum",
            "end_date": "ProductPeriode/Einddatum",
            "volume": "GeleverdVolume",
            "unit": "Eenheid",
            "amount_cents": "IngediendBedrag/Bedrag",
            "debit_credit": "IngediendBedrag/DebetCredit",
        },
        {"bsn": "Bsn"},
    ),
    Spec("437", "JW302", "retours", "", {}, from_municipality=True, answers="JW301"),
    Spec("439", "JW306", "retours", "", {}, answers="JW305"),
    Spec("441", "JW308", "retours", "", {}, answers="JW307"),
    Spec("447", "JW316", "retours", "", {}, answers="JW315"),
    Spec("487", "JW318", "retours", "", {}, answers="JW317"),
    Spec("489", "JW320", "retours", "", {}, from_municipality=True, answers="JW319"),
    Spec("491", "JW325", "retours", "", {}, from_municipality=True, answers="JW323"),
)
SPECS = {spec.name.casefold(): spec for spec in _SPECS}
_BY_CODE = {spec.code: spec for spec in _SPECS}


def header_of(spec: Spec) -> dict[str, str]:
    """Element per column, for messages to the analyst."""
    places = {
        "municipality_code": "Header",
        "provider_id": "Header",
        "birth_date": "Geboortedatum",
        "postcode": "Contactgegevens",
        "declaration_number": "DeclaratieNummer",
        "return_code": "RetourCode",
    }
    known = {name: place for name, place in places.items() if name in spec.columns}
    return {**known, **spec.client, **spec.fields}


def spec_of(path: Path, namespace: str, header: Mapping[str, str]) -> tuple[Spec, str]:
    """The message and its release; SourceError for what is not read."""
    found = _NAMESPACE.search(namespace)
    release = f"{header.get('BerichtVersie', '?')}.{header.get('BerichtSubversie', '?')}"
    spec = _BY_CODE.get(header.get("BerichtCode", "").strip())
    if found:
        release = f"{found[2]}.{found[3]}"
        spec = SPECS.get(found[4].casefold(), spec)
        if found[1] != "ijw":
            raise SourceError(
                f"{path.name} is een {found[1]}-bericht.", "Alleen iJw-berichten worden gelezen."
            )
    if release.startswith(("1", "2")):
        raise SourceError(
            f"{path.name} is iJw {release}; gelezen worden 3.0 tot en met 3.2.",
            "Lever de toewijzingen van voor 2021 als indicaties.csv.",
        )
    if spec is None:
        raise SourceError(
            f"{path.name} is geen bekend iJw-bericht.",
            f"Gelezen worden {', '.join(s.name for s in _SPECS)}.",
        )
    return spec, release


def _text(value: str | None) -> str:
    return (value or "").strip()


def message_of(spec: Spec, release: str, header: Mapping[str, str]) -> Message:
    """The envelope of a message."""
    return Message(
        code=spec.code,
        name=spec.name,
        release=release,
        sender=_text(header.get("Afzender")),
        receiver=_text(header.get("Ontvanger")),
        message_id=_text(header.get("BerichtIdentificatie/Identificatie")),
        dated_on=_text(header.get("BerichtIdentificatie/Dagtekening")),
    )


def birth_date(client: Mapping[str, str]) -> str:
    """The birth date with ``00`` for what DatumGebruik calls unknown (1 the day, 2 the month too, 3 all)."""
    date = _text(client.get("Geboortedatum/Datum"))
    match _text(client.get("Geboortedatum/DatumGebruik")):
        case "1":
            return date[:8] + "00"
        case "2":
            return date[:4] + "-00-00"
        case "3":
            return "0000-00-00"
        case _:
            return date


def postcode(client: Any) -> str:
    """The postcode of the registered address (01), else of the residence (03)."""
    found: dict[str, str] = {}
    for child in client:
        if child.tag.endswith("}Contactgegevens"):
            for contact in child:
                address = flat(contact, ("Soort", "Adres"))
                found[_text(address.get("Soort"))] = _text(address.get("Adres/Postcode"))
    return found.get("01") or found.get("03", "")


Row = tuple[int, tuple[str, ...]]  # line and texts


def envelope(document: Document) -> tuple[Spec, Message]:
    """What message a document is, and its header."""
    header = next((flat(element) for element in document.elements("Header")), {})
    spec, release = spec_of(document.path, document.namespace, header)
    return spec, message_of(spec, release, header)


def rows(document: Document, spec: Spec, message: Message) -> Iterator[Row]:
    """The records of a message as texts in the order of ``Spec.columns``, each with its line."""
    if spec.answers:
        yield from _retour_rows(document, spec)
        return
    columns = spec.columns
    common = dict.fromkeys(columns, "") | _from_header(spec, message)
    if spec.record == "Antwoord":
        for element in document.elements("Antwoord"):
            yield _row(spec, columns, common, element)
        return
    for element in document.elements("DeclaratieNummer", "Client"):
        if local(element.tag) == "Client":
            person = common | _of_client(spec, element)
            for record in element.iter("{*}" + spec.record):
                yield _row(spec, columns, person, record)
        else:
            common["declaration_number"] = _text(element.text)


def _from_header(spec: Spec, message: Message) -> dict[str, str]:
    parties = (message.sender, message.receiver)
    municipality, provider = parties if spec.from_municipality else parties[::-1]
    return {
        "municipality_code": municipality,
        "provider_id": provider,
        "delivery_form": "zin",
        "applied_on": message.dated_on,
        "dated_on": message.dated_on,
        "message_name": message.name,
    }


def _of_client(spec: Spec, client: Any) -> dict[str, str]:
    person = flat(client, ("Bsn", "Geslacht", "Geboortedatum"))
    found = {name: person.get(path, "") for name, path in spec.client.items()}
    found["birth_date"] = birth_date(person)
    if spec.kind == "indications":
        found["postcode"] = postcode(client)
    return found


def _row(spec: Spec, columns: tuple[str, ...], common: Mapping[str, str], record: Any) -> Row:
    found = flat(record)
    paths = spec.fields
    return record.sourceline or 0, tuple(
        [found.get(paths[name], "") if name in paths else common[name] for name in columns]
    )


def _retour_rows(document: Document, spec: Spec) -> Iterator[Row]:
    """One record per retour code: of the whole message, of a client, of a product.

    A message without any code was accepted: one record without a code. Code 0001 on the whole message means
    that the message it answers counts as not sent.
    """
    common: tuple[str, ...] = ()
    line = 0
    for element in document.elements("Header"):
        common, line = _retour_envelope(spec, flat(element)), element.sourceline or 0
    empty = True
    for element in document.elements("RetourCodes"):
        level, number = _level(element.getparent())
        for code in element.iterfind("{*}RetourCode"):
            empty = False
            yield code.sourceline or 0, (*common, level, number, _text(code.text))
    if empty:
        yield line, (*common, "bericht", "", "")


def _retour_envelope(spec: Spec, header: Mapping[str, str]) -> tuple[str, ...]:
    parties = (_text(header.get("Afzender")), _text(header.get("Ontvanger")))
    municipality, provider = parties if spec.from_municipality else parties[::-1]
    answered = "DeclaratieIdentificatie" if spec.name == "JW325" else "BerichtIdentificatie"
    dated = header.get("DagtekeningRetour") or header.get("BerichtIdentificatie/Dagtekening")
    number = _text(header.get(f"{answered}/Identificatie"))
    return municipality, provider, spec.answers, number, _text(dated)


def _level(parent: Any) -> tuple[str, str]:
    """What a retour code is about, and the allocation number if it is about one."""
    match local(parent.tag):
        case "Header" | "DeclaratieAntwoord":
            return "bericht", ""
        case "Client" | "Relatie" | "Contact":
            return "client", ""
        case _:
            return "product", _text(parent.findtext("{*}ToewijzingNummer"))
