"""The records of an iJw message as texts.

Addresses, relations and comments are never read, except the postcode of a client's registered address in a
JW301. Surname and initials are read for linkage and never stored.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from zorgdata.sources.ijw_retour import retour_rows
from zorgdata.sources.ijw_specs import Row, Spec, message_of, spec_of, text_of
from zorgdata.sources.records import Message
from zorgdata.sources.xml import Document, flat, local

_PERSON = frozenset({"Bsn", "Geslacht", "Geboortedatum"})


def birth_date(client: Mapping[str, str]) -> str:
    """The birth date with ``00`` for what DatumGebruik calls unknown (1 the day, 2 the month too, 3 all)."""
    date = text_of(client.get("Geboortedatum/Datum"))
    match text_of(client.get("Geboortedatum/DatumGebruik")):
        case "1":
            return date[:8] + "00"
        case "2":
            return date[:4] + "-00-00"
        case "3":
            return "0000-00-00"
        case _:
            return date


def name(client: Any) -> tuple[str, str]:
    """Surname at birth without its prefix, and initials (else the first letter of the first names)."""
    for child in client:
        if child.tag.endswith("}Naam"):
            surname = initials = ""
            for part in child:
                match local(part.tag):
                    case "Geslachtsnaam":
                        surname = next((i.text for i in part if local(i.tag) == "Achternaam"), "")
                    case "Voorletters":
                        initials = text_of(part.text)
                    case "Voornamen":
                        initials = initials or text_of(part.text)[:1]
            return text_of(surname), initials
    return "", ""


def postcode(client: Any) -> str:
    """The postcode of the registered address (01), else of the residence (03)."""
    found: dict[str, str] = {}
    for child in client:
        if child.tag.endswith("}Contactgegevens"):
            for contact in child:
                address = flat(contact, ("Soort", "Adres"))
                found[text_of(address.get("Soort"))] = text_of(address.get("Adres/Postcode"))
    return found.get("01") or found.get("03", "")


def envelope(document: Document) -> tuple[Spec, Message]:
    """What message a document is, and its header."""
    header = next((flat(element) for element in document.elements("Header")), {})
    spec, release = spec_of(document.path, document.namespace, header)
    return spec, message_of(spec, release, header)


def rows(document: Document, spec: Spec, message: Message) -> Iterator[Row]:
    """The records of a message as texts in the order of ``Spec.columns``, each with its line."""
    if spec.answers:
        yield from retour_rows(document, spec, message)
        return
    columns = spec.columns
    common = dict.fromkeys(columns, "") | _from_header(message)
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
            common["declaration_number"] = text_of(element.text)


def _from_header(message: Message) -> dict[str, str]:
    return {
        "municipality_code": message.municipality_code,
        "provider_id": message.provider_id,
        "delivery_form": "zin",
        "applied_on": message.dated_on,
        "dated_on": message.dated_on,
        "message_name": message.name,
    }


def _of_client(spec: Spec, client: Any) -> dict[str, str]:
    person = flat(client, _PERSON)
    found = {name: person.get(path, "") for name, path in spec.client.items()}
    if "birth_date" in spec.columns:
        found["birth_date"] = birth_date(person)
        found["last_name"], found["initials"] = name(client)
    if spec.kind == "indications":
        found["postcode"] = postcode(client)
    return found


def _row(spec: Spec, columns: tuple[str, ...], common: Mapping[str, str], record: Any) -> Row:
    found = flat(record)
    paths = spec.fields
    return record.sourceline or 0, tuple(
        [found.get(paths[name], "") if name in paths else common[name] for name in columns]
    )
