"""iJw messages of one municipality: the awards it sent (JW301) and the requests it got (JW315)."""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from zorgdata.synth import calibration as cal
from zorgdata.synth.calendar import OPEN, Bools, Ints, iso
from zorgdata.synth.indications import REASONS, Indications
from zorgdata.synth.products import FREQUENCY, NONE, PRODUCTS, UNIT, VOLUME_KIND
from zorgdata.synth.world import World
from zorgdata.synth.write import LETTERS

MUNICIPALITY = 13
"""This municipality (9914) sends what it decided since ``SINCE`` as messages, all before as a file."""
SINCE = cal.PROVISIONAL_FROM

_BY_REQUEST = (0, 3, 4, 5)  # positions in cal.REFERRERS that come with a request by the provider

_ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<{x}:Bericht xmlns:ijw="http://www.istandaarden.nl/ijw/3_2/basisschema/schema" \
xmlns:{x}="http://www.istandaarden.nl/ijw/3_2/{x}/schema">
<{x}:Header>
<{x}:BerichtCode>{code}</{x}:BerichtCode><{x}:BerichtVersie>3</{x}:BerichtVersie>\
<{x}:BerichtSubversie>2</{x}:BerichtSubversie>
<{x}:Afzender>{sender}</{x}:Afzender><{x}:Ontvanger>{receiver}</{x}:Ontvanger>
<{x}:BerichtIdentificatie><ijw:Identificatie>{serial:012d}</ijw:Identificatie>\
<ijw:Dagtekening>{dated}</ijw:Dagtekening></{x}:BerichtIdentificatie>
<{x}:XsdVersie><ijw:BasisschemaXsdVersie>1.0.0</ijw:BasisschemaXsdVersie>\
<ijw:BerichtXsdVersie>1.0.0</ijw:BerichtXsdVersie></{x}:XsdVersie>
</{x}:Header>
<{x}:Client>
<{x}:Bsn>{bsn:09d}</{x}:Bsn>
<{x}:Geboortedatum><ijw:Datum>{birth}</ijw:Datum></{x}:Geboortedatum>
<{x}:Geslacht>{sex}</{x}:Geslacht>
<{x}:Naam><ijw:Geslachtsnaam><ijw:Achternaam>Kind-{child:06d}</ijw:Achternaam></ijw:Geslachtsnaam>\
{usage}</{x}:Naam>
{body}
</{x}:Client>
</{x}:Bericht>
"""
_CONTACT = """<jw301:Contactgegevens><jw301:Contact><jw301:Soort>03</jw301:Soort><jw301:Adres>\
<ijw:Postcode>{postcode}</ijw:Postcode></jw301:Adres></jw301:Contact></jw301:Contactgegevens>
<jw301:ToegewezenProducten>
{products}
</jw301:ToegewezenProducten>"""
_REQUEST = """<jw315:GezagsdragerBekend>1</jw315:GezagsdragerBekend>
<jw315:AangevraagdeProducten>
{products}
</jw315:AangevraagdeProducten>"""


def has_reference(known: Indications, rows: Ints) -> Bools:
    """Whether an indication answers a request of the provider."""
    return np.asarray(np.isin(known.referrer[rows], _BY_REQUEST), dtype=np.bool_)


def reference(number: int) -> str:
    """The provider's reference of its request."""
    return f"VOT{number:09d}"


def as_messages(world: World) -> Bools:
    """Versions that are sent as messages (never pgb: that is in no message)."""
    versions, known = world.versions, world.indications
    rows = versions.indication
    sent = (known.municipality[rows] == MUNICIPALITY) & (versions.decided >= SINCE)
    return np.asarray(sent & ~known.pgb[rows], dtype=np.bool_)


def write_messages(folder: Path, world: World) -> int:
    """One message per client, provider and day; returns the number of messages."""
    versions, known = world.versions, world.indications
    rows = np.flatnonzero(as_messages(world))
    if not len(rows):
        return 0
    folder.mkdir(exist_ok=True)
    about = versions.indication[rows]
    asked = rows[has_reference(known, about) & (versions.reason[rows] == 0)]
    day = versions.decided
    before = np.where(known.applied < OPEN, known.applied, OPEN)[versions.indication]
    before = np.minimum(before, day - 5)
    return _write(folder, world, "jw301", rows, day, product=_award) + _write(
        folder, world, "jw315", asked, before, product=_request
    )


def _write(
    folder: Path, world: World, name: str, rows: Ints, day: Ints, *, product: Callable[[World, int], str]
) -> int:
    known, versions, children = world.indications, world.versions, world.children
    about = versions.indication[rows]
    order = np.lexsort((versions.seconds[rows], known.provider[about], known.child[about], day[rows]))
    groups: dict[tuple[int, int, int], list[int]] = {}
    for row in rows[order].tolist():
        item = versions.indication[row]
        groups.setdefault((int(day[row]), int(known.child[item]), int(known.provider[item])), []).append(row)
    code = world.region.municipality_codes[MUNICIPALITY]
    for serial, ((dated, child, provider), members) in enumerate(groups.items(), 1):
        agb = str(world.providers.agb[provider])
        postcode = f"{children.pc4[child]}{LETTERS[children.letters[child]]}"
        products = "\n".join(product(world, row) for row in members)
        award = name == "jw301"
        text = _ENVELOPE.format(
            x=name,
            code="436" if award else "446",
            sender=code if award else agb,
            receiver=agb if award else code,
            serial=serial,
            dated=iso(dated),
            bsn=int(children.bsn[child]),
            birth=iso(int(children.birth[child])),
            sex=children.sex[child],
            child=child,
            usage="<ijw:NaamGebruik>1</ijw:NaamGebruik>" if award else "",
            body=_CONTACT.format(postcode=postcode, products=products)
            if award
            else _REQUEST.format(products=products),
        )
        path = folder / f"{name.upper()}_{code}_{serial:05d}.xml"
        path.write_bytes(text.replace("\n", "\r\n").encode())
    return len(groups)


def _elements(prefix: str, values: Iterable[tuple[str, str]]) -> str:
    """Elements with a value, in the order given."""
    return "".join(f"<{prefix}:{name}>{value}</{prefix}:{name}>" for name, value in values if value)


def _what(world: World, row: int) -> tuple[str, str]:
    """Product and size of the indication a version is about; nothing of it for an aspecific one's volume."""
    item = int(world.versions.indication[row])
    known = world.indications
    product = PRODUCTS[int(known.product[item])]
    if known.aspecific[item]:
        return _elements("ijw", [("Categorie", product.category)]), ""
    kind = int(VOLUME_KIND[known.product[item]])
    code = [("Categorie", product.category), ("Code", product.code)]
    if kind == NONE:
        return _elements("ijw", code), ""
    size = [
        ("Volume", str(world.versions.volume[row])),
        ("Eenheid", UNIT[kind]),
        ("Frequentie", FREQUENCY[kind]),
    ]
    return _elements("ijw", code), _elements("ijw", size)


def _award(world: World, row: int) -> str:
    """One ToegewezenProduct."""
    versions, known = world.versions, world.indications
    item = int(versions.indication[row])
    number, end = int(known.number[item]), int(versions.end[row])
    product, size = _what(world, row)
    asked = bool(has_reference(known, versions.indication[[row]])[0])
    clock = str(np.timedelta64(int(versions.seconds[row]), "s").astype(object)).zfill(8)
    inside = [
        ("ToewijzingNummer", str(number)),
        ("ReferentieAanbieder", reference(number) if asked else ""),
        ("Product", product),
        ("Toewijzingsdatum", iso(int(versions.decided[row]))),
        ("Toewijzingstijd", clock),
        ("Ingangsdatum", iso(int(known.start[item]))),
        ("Einddatum", iso(end) if end < OPEN else ""),
        ("RedenWijziging", REASONS[int(versions.reason[row])]),
        ("Omvang", size),
    ]
    return _elements("jw301", [("ToegewezenProduct", _elements("jw301", inside))])


def _request(world: World, row: int) -> str:
    """One AangevraagdProduct, with who referred."""
    known = world.indications
    item = int(world.versions.indication[row])
    product, size = _what(world, row)
    planned = int(known.planned[item])
    inside = [
        ("ReferentieAanbieder", reference(int(known.number[item]))),
        ("Product", product),
        ("ToewijzingIngangsdatum", iso(int(known.start[item]))),
        ("ToewijzingEinddatum", iso(planned) if planned < OPEN else ""),
        ("Omvang", size),
        ("Verwijzer", _elements("ijw", [("Type", cal.REFERRERS[int(known.referrer[item])])])),
    ]
    return _elements("jw315", [("AangevraagdProduct", _elements("jw315", inside))])
