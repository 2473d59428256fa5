"""iJw messages, releases 3.0 to 3.2: which message becomes what, and which elements become which columns.

Elements are found by local name; the release comes from the namespace.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from zorgdata.errors import SourceError
from zorgdata.sources.records import Message

Row = tuple[int, tuple[str, ...]]  # the line of a record, and its texts

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

RETOUR_FIELDS = {
    "allocation_number": ("allocation_number",),
    "reference": ("reference_number", "provider_reference"),
    "product_category": ("product_category",),
    "product_code": ("product_code",),
    "start_date": ("start_date", "requested_start"),
    "end_date": ("end_date", "requested_end"),
    "delivery_status": ("delivery_status",),
}
"""What a retour repeats of a product, and which columns of the answered message that is."""
_RETOUR_COLUMNS = (
    *("message_name", "message_id", "dated_on", "answered_on", "message_level", "return_code", "bsn"),
    *RETOUR_FIELDS,
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
            return ("municipality_code", "provider_id", *_RETOUR_COLUMNS)
        names = ["municipality_code", "provider_id", *self.client, *self.fields]
        match self.kind:
            case "indications":
                names += ["birth_date", "last_name", "initials", "postcode", "delivery_form"]
            case "referrals":
                names += ["birth_date", "last_name", "initials", "applied_on"]
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
        "last_name": "Naam",
        "initials": "Naam",
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


def parties(spec: Spec, sender: str, receiver: str) -> tuple[str, str]:
    """Municipality (four digits) and provider (eight) of a message.

    A retour repeats the header of the message it answers; some senders turn it round, so what looks like a
    municipality is one.
    """
    municipality, provider = (sender, receiver) if spec.from_municipality else (receiver, sender)
    if len(provider) <= 4 < len(municipality):
        return provider, municipality
    return municipality, provider


def message_of(spec: Spec, release: str, header: Mapping[str, str]) -> Message:
    """The envelope of a message; that of a retour names the message it answers."""
    municipality, provider = parties(spec, text_of(header.get("Afzender")), text_of(header.get("Ontvanger")))
    answered = "DeclaratieIdentificatie" if spec.name == "JW325" else "BerichtIdentificatie"
    return Message(
        code=spec.code,
        name=spec.name,
        release=release,
        municipality_code=municipality,
        provider_id=provider,
        message_id=text_of(header.get(f"{answered}/Identificatie")),
        dated_on=text_of(header.get(f"{answered}/Dagtekening")),
        answers=spec.answers,
    )


def text_of(value: str | None) -> str:
    """The text of an element without surrounding space; empty when there is none."""
    return (value or "").strip()
