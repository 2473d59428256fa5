"""iJw messages out of small tables, one row per product, for specs of what messages mean.

Written from the standard's elements, not from the reader's list of them. All elements are in one namespace,
as some senders do it; readers go by local name.
"""

from collections.abc import Iterable, Mapping
from itertools import groupby

from tests.support.tables import table
from tests.support.workspaces import BSNS

_CODES = {
    "JW301": "436",
    "JW302": "437",
    "JW305": "438",
    "JW306": "439",
    "JW307": "440",
    "JW308": "441",
    "JW315": "446",
    "JW316": "447",
    "JW323": "490",
    "JW325": "491",
}
_FROM_MUNICIPALITY = {"JW301", "JW302", "JW325"}
_ANSWER = {"JW301": "JW302", "JW305": "JW306", "JW307": "JW308", "JW315": "JW316", "JW323": "JW325"}
_PLACE = {  # list of products, and product
    "JW301": ("ToegewezenProducten", "ToegewezenProduct"),
    "JW305": ("StartProducten", "StartProduct"),
    "JW307": ("StopProducten", "StopProduct"),
    "JW315": ("AangevraagdeProducten", "AangevraagdProduct"),
    "JW323": ("Prestaties", "Prestatie"),
}
_PRODUCT = {"category": "Product/Categorie", "product": "Product/Code"}
_DELIVERED = {"number": "ToewijzingNummer", **_PRODUCT, "from": "Begindatum"}
_PATHS: Mapping[str, Mapping[str, str]] = {
    "JW301": {
        "number": "ToewijzingNummer",
        "reference": "ReferentieAanbieder",
        **_PRODUCT,
        "decided": "Toewijzingsdatum",
        "time": "Toewijzingstijd",
        "from": "Ingangsdatum",
        "to": "Einddatum",
        "reason": "RedenWijziging",
        "volume": "Omvang/Volume",
        "unit": "Omvang/Eenheid",
        "frequency": "Omvang/Frequentie",
        "budget": "Budget",
    },
    "JW305": {**_DELIVERED, "status": "StatusAanlevering"},
    "JW307": {
        **_DELIVERED,
        "end_reason": "RedenBeeindiging",
        "to": "Einddatum",
        "status": "StatusAanlevering",
    },
    "JW315": {
        "reference": "ReferentieAanbieder",
        **_PRODUCT,
        "from": "ToewijzingIngangsdatum",
        "to": "ToewijzingEinddatum",
        "referrer": "Verwijzer/Type",
    },
    "JW323": {
        "line": "ProductReferentie/ReferentieNummer",
        "previous": "ProductReferentie/VorigReferentieNummer",
        "number": "ToewijzingNummer",
        "category": "ProductCategorie",
        "product": "ProductCode",
        "from": "ProductPeriode/Begindatum",
        "to": "ProductPeriode/Einddatum",
        "volume": "GeleverdVolume",
        "unit": "Eenheid",
        "amount": "IngediendBedrag/Bedrag",
        "sign": "IngediendBedrag/DebetCredit",
    },
}
_CHILDREN = dict(zip("ABCDEFGHIJ", (*BSNS, "999900080", "999900092", "999900109"), strict=True))
_ORDINARY = {"time": "09:00:00", "status": "1", "category": "45", "sign": "D"}


def message(
    name: str,
    identification: str,
    *products: str,
    dated: str = "2024-01-02",
    municipality: str = "9901",
    provider: str = "41990001",
    number: str = "D1",
) -> str:
    """A message; ``products`` are the lines of a table with ``child`` (A, B … are BSNs) and ``_PATHS``.

    Time, status, category and sign get an ordinary value when there is no such column; ``number`` is that of
    a declaration.
    """
    columns = _PATHS[name]
    records = table("\n".join(products), as_text=frozenset({"child", *columns}))
    clients = "".join(
        _client(name, child, [_product(name, columns, row) for row in rows])
        for child, rows in groupby(records, key=lambda row: str(row["child"]))
    )
    body = clients if name != "JW323" else _declared(number, f"<Clienten>{clients}</Clienten>")
    header = _identified("BerichtIdentificatie", identification, dated)
    return _document(name, municipality, provider, header, body)


def retour(
    name: str,
    identification: str,
    code: str = "",
    *products: str,
    dated: str = "2024-01-02",
    municipality: str = "9901",
    provider: str = "41990001",
) -> str:
    """The answer to a message ``name``; products are rejected ones, with a column ``code``."""
    answer = _ANSWER[name]
    header = _identified("BerichtIdentificatie", identification, dated)
    if answer == "JW325":
        header = _identified("BerichtIdentificatie", "antwoord", "2024-03-01") + _identified(
            "DeclaratieIdentificatie", identification, dated
        )
    else:
        header += (
            "<IdentificatieRetour>R1</IdentificatieRetour><DagtekeningRetour>2024-03-01</DagtekeningRetour>"
        )
    header += _codes(code)
    columns, clients = _PATHS[name], ""
    if products:
        for row in table("\n".join(products), as_text=frozenset({"child", "code", *columns})):
            product = _product(name, columns, row, _codes(str(row["code"])))
            clients += _client(name, str(row["child"]), [product], _codes("0200"))
    body = clients if answer != "JW325" or not clients else _answered(clients)
    return _document(answer, municipality, provider, header, body)


def _document(name: str, municipality: str, provider: str, header: str, body: str) -> str:
    parties = (municipality, provider) if name in _FROM_MUNICIPALITY else (provider, municipality)
    return (
        f'<Bericht xmlns="http://www.istandaarden.nl/ijw/3_2/{name.lower()}/schema"><Header>'
        f"<BerichtCode>{_CODES[name]}</BerichtCode><BerichtVersie>3</BerichtVersie>"
        f"<BerichtSubversie>2</BerichtSubversie><Afzender>{parties[0]}</Afzender>"
        f"<Ontvanger>{parties[1]}</Ontvanger>{header}</Header>{body}</Bericht>"
    )


def _identified(element: str, identification: str, dated: str) -> str:
    inside = f"<Identificatie>{identification}</Identificatie><Dagtekening>{dated}</Dagtekening>"
    return f"<{element}>{inside}</{element}>"


def _codes(code: str) -> str:
    return f"<RetourCodes><RetourCode>{code}</RetourCode></RetourCodes>" if code else ""


def _declared(number: str, clients: str) -> str:
    return f"<Declaratie><DeclaratieNummer>{number}</DeclaratieNummer>{clients}</Declaratie>"


def _answered(clients: str) -> str:
    inside = f"<DeclaratieNummer>D1</DeclaratieNummer><Clienten>{clients}</Clienten>{_codes('0200')}"
    return f"<DeclaratieAntwoord>{inside}</DeclaratieAntwoord>"


def _client(name: str, child: str, products: Iterable[str], codes: str = "") -> str:
    person = "<Geboortedatum><Datum>2012-03-17</Datum></Geboortedatum><Geslacht>1</Geslacht>"
    group, _ = _PLACE[name]
    inside = f"<Bsn>{_CHILDREN[child]}</Bsn>{'' if name == 'JW323' else person}"
    return f"<Client>{inside}<{group}>{''.join(products)}</{group}>{codes}</Client>"


def _product(name: str, columns: Mapping[str, str], row: Mapping[str, object], codes: str = "") -> str:
    found: dict[str, str] = {}
    for column, path in columns.items():
        value = str(row.get(column, _ORDINARY.get(column, "")) or "")
        if value:
            outer, _, inner = path.partition("/")
            found[outer] = found.get(outer, "") + (f"<{inner}>{value}</{inner}>" if inner else value)
    _, element = _PLACE[name]
    inside = "".join(f"<{outer}>{value}</{outer}>" for outer, value in found.items())
    return f"<{element}>{inside}{codes}</{element}>"
