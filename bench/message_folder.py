"""A made-up delivery of iJw messages for tests and the benchmark: many small JW301, or one large JW323.

Persons are fictitious: numbers from the range reserved for testing, names out of syllables. Awards are for
municipality 9901 and providers 4199xxxx; a fixed number of messages gives the same bytes every time.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

_SPACES = (
    'xmlns:ijw="http://www.istandaarden.nl/ijw/3_2/basisschema/schema" '
    'xmlns:{x}="http://www.istandaarden.nl/ijw/3_2/{x}/schema"'
)
_HEADER = """<?xml version="1.0" encoding="UTF-8"?>
<{x}:Bericht {spaces}>
<{x}:Header>
<{x}:BerichtCode>{code}</{x}:BerichtCode>
<{x}:BerichtVersie>3</{x}:BerichtVersie>
<{x}:BerichtSubversie>2</{x}:BerichtSubversie>
<{x}:Afzender>{sender}</{x}:Afzender>
<{x}:Ontvanger>{receiver}</{x}:Ontvanger>
<{x}:BerichtIdentificatie>
<ijw:Identificatie>{serial:012d}</ijw:Identificatie>
<ijw:Dagtekening>{dated}</ijw:Dagtekening>
</{x}:BerichtIdentificatie>
<{x}:XsdVersie>
<ijw:BasisschemaXsdVersie>1.0.0</ijw:BasisschemaXsdVersie>
<ijw:BerichtXsdVersie>1.0.0</ijw:BerichtXsdVersie>
</{x}:XsdVersie>
</{x}:Header>
"""
_CLIENT = """<jw301:Client>
<jw301:Bsn>{bsn}</jw301:Bsn>
<jw301:Geboortedatum>
<ijw:Datum>{birth}</ijw:Datum>
</jw301:Geboortedatum>
<jw301:Geslacht>{sex}</jw301:Geslacht>
<jw301:Naam>
<ijw:Geslachtsnaam>
<ijw:Achternaam>{name}</ijw:Achternaam>
</ijw:Geslachtsnaam>
<ijw:Voorletters>{initials}</ijw:Voorletters>
<ijw:NaamGebruik>1</ijw:NaamGebruik>
</jw301:Naam>
<jw301:Contactgegevens>
<jw301:Contact>
<jw301:Soort>01</jw301:Soort>
<jw301:Adres>
<ijw:Huis>
<ijw:Huisnummer>9</ijw:Huisnummer>
</ijw:Huis>
<ijw:Postcode>{postcode}</ijw:Postcode>
<ijw:LandCode>NL</ijw:LandCode>
</jw301:Adres>
</jw301:Contact>
</jw301:Contactgegevens>
<jw301:ToegewezenProducten>
{products}
</jw301:ToegewezenProducten>
</jw301:Client>
</jw301:Bericht>
"""
_AWARD = """<jw301:ToegewezenProduct>
<jw301:ToewijzingNummer>{number}</jw301:ToewijzingNummer>
<jw301:Product>
<ijw:Categorie>45</ijw:Categorie>
<ijw:Code>{product}</ijw:Code>
</jw301:Product>
<jw301:Toewijzingsdatum>{decided}</jw301:Toewijzingsdatum>
<jw301:Toewijzingstijd>{clock}</jw301:Toewijzingstijd>
<jw301:Ingangsdatum>{start}</jw301:Ingangsdatum>
<jw301:Einddatum>{end}</jw301:Einddatum>
<jw301:Omvang>
<ijw:Volume>{volume}</ijw:Volume>
<ijw:Eenheid>01</ijw:Eenheid>
<ijw:Frequentie>2</ijw:Frequentie>
</jw301:Omvang>
</jw301:ToegewezenProduct>"""
_DECLARED = """<jw323:Client>
<jw323:Bsn>{bsn}</jw323:Bsn>
<jw323:Prestaties>
<jw323:Prestatie>
<jw323:ProductReferentie>
<ijw:ReferentieNummer>R{number}</ijw:ReferentieNummer>
</jw323:ProductReferentie>
<jw323:ToewijzingNummer>{number}</jw323:ToewijzingNummer>
<jw323:ProductCategorie>45</jw323:ProductCategorie>
<jw323:ProductCode>{product}</jw323:ProductCode>
<jw323:ProductPeriode>
<ijw:Begindatum>2024-01-01</ijw:Begindatum>
<ijw:Einddatum>2024-01-31</ijw:Einddatum>
</jw323:ProductPeriode>
<jw323:GeleverdVolume>{volume}</jw323:GeleverdVolume>
<jw323:Eenheid>01</jw323:Eenheid>
<jw323:IngediendBedrag>
<ijw:Bedrag>{amount}</ijw:Bedrag>
<ijw:DebetCredit>D</ijw:DebetCredit>
</jw323:IngediendBedrag>
</jw323:Prestatie>
</jw323:Prestaties>
</jw323:Client>
"""
_SYLLABLES = ("bak", "ker", "hoe", "ven", "dam", "lin", "ros", "wie", "tje", "zan", "mol", "der")


def test_numbers() -> Iterator[str]:
    """BSNs of the range reserved for testing that pass the eleven-test, over and over."""
    while True:
        for number in range(999_900_006, 1_000_000_000):
            digits = f"{number}"
            total = sum(int(d) * w for d, w in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True))
            if total % 11 == 0:
                yield digits


def award(number: int, random: Random) -> str:
    """One ToegewezenProduct."""
    start = dt.date(2022, 1, 1) + dt.timedelta(days=random.randrange(700))
    return _AWARD.format(
        number=number,
        product=f"45A{random.randrange(40, 60)}",
        decided=start.isoformat(),
        clock=f"{random.randrange(8, 18):02}:{random.randrange(60):02}:00",
        start=start.isoformat(),
        end=(start + dt.timedelta(days=random.randrange(30, 400))).isoformat(),
        volume=random.randrange(30, 600),
    )


def client(bsn: str, random: Random, products: Iterable[str]) -> str:
    """The part of a JW301 behind its header."""
    return _CLIENT.format(
        bsn=bsn,
        birth=(dt.date(2005, 1, 1) + dt.timedelta(days=random.randrange(5000))).isoformat(),
        sex=random.choice("012"),
        name="".join(random.choices(_SYLLABLES, k=3)).capitalize(),
        initials="".join(random.choices("ABCDEJKLMNRST", k=2)),
        postcode=f"99{random.randrange(100):02}{random.choice('ABCDEZ')}{random.choice('ABCDEZ')}",
        products="\n".join(products),
    )


def header(name: str, serial: int, dated: str = "2024-01-03", provider: str = "41990000") -> str:
    """The part of a message before its client; ``name`` is jw301 or jw323."""
    award_ = name == "jw301"
    return _HEADER.format(
        x=name,
        spaces=_SPACES.format(x=name),
        code="436" if award_ else "490",
        sender="9901" if award_ else provider,
        receiver=provider if award_ else "9901",
        serial=serial,
        dated=dated,
    )


def small_messages(count: int, seed: int = 1) -> Iterator[tuple[str, str]]:
    """Name and text of JW301 messages with one product each, now and then two; numbers 1, 2, 3 …"""
    random, numbers, number = Random(seed), test_numbers(), 0
    for serial in range(1, count + 1):
        products = []
        for _ in range(2 if serial % 20 == 0 else 1):
            number += 1
            products.append(award(number, random))
        provider = f"4199{random.randrange(300):04}"
        text = header("jw301", serial, provider=provider) + client(next(numbers), random, products)
        yield f"JW301_9901_{serial:06}.xml", text


def write_messages(folder: Path, count: int) -> int:
    """The messages as files in ``folder``; returns the number of products."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in small_messages(count):
        (folder / name).write_text(text, encoding="utf-8", newline="\r\n")
    return count + count // 20


def write_large(path: Path, products: int) -> int:
    """One JW323 with a client per product, written piece by piece; returns the number of products."""
    random, numbers = Random(2), test_numbers()
    with path.open("w", encoding="utf-8", newline="\r\n") as file:
        file.write(header("jw323", 1))
        file.write("<jw323:Declaratie>\n<jw323:DeclaratieNummer>D1</jw323:DeclaratieNummer>\n")
        file.write("<jw323:Clienten>\n")
        for number in range(1, products + 1):
            file.write(
                _DECLARED.format(
                    bsn=next(numbers),
                    number=number,
                    product=f"45A{random.randrange(40, 60)}",
                    volume=random.randrange(30, 600),
                    amount=random.randrange(1_000, 90_000),
                )
            )
        file.write("</jw323:Clienten>\n</jw323:Declaratie>\n</jw323:Bericht>\n")
    return products
