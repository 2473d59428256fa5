"""The core deliveries: indications per municipality, pupil lists per board, schools, providers, products."""

from pathlib import Path

import numpy as np
import pyarrow as pa

from zorgdata.synth import calibration as cal
from zorgdata.synth.calendar import OPEN, Bools, Ints, days_of, iso, school_year_of
from zorgdata.synth.children import Children, Enrolments
from zorgdata.synth.indications import REASONS, Indications, Versions
from zorgdata.synth.messages import has_reference
from zorgdata.synth.products import (
    FREQUENCY,
    NONE,
    OWN_CODE,
    PRODUCTS,
    RAISE,
    UNIT,
    VOLUME_KIND,
    WITHOUT_CODE,
)
from zorgdata.synth.providers import Providers
from zorgdata.synth.schools import Region, Schools
from zorgdata.synth.write import (
    Columns,
    constant,
    dates,
    flags,
    joined,
    numbers,
    padded,
    pick,
    postcodes,
    present,
    text,
    times,
    write_csv,
)

OWN_CODE_MUNICIPALITY = 6


def person(children: Children, rows: Ints) -> dict[str, pa.Array]:
    """Identifying columns of the children in ``rows``."""
    return {
        "bsn": padded(children.bsn[rows], 9),
        "geboortedatum": dates(children.birth[rows]),
        "geslacht": pick(("", "1", "2"), children.sex[rows]),
        "postcode": postcodes(children.pc4[rows], children.letters[rows]),
    }


def product_codes(region: Region, indications: Indications, rows: Ints) -> tuple[pa.Array, pa.Array]:
    """Category and code as written by the municipality; aspecific ones have no code."""
    index = indications.product[rows]
    codes = [p.code for p in PRODUCTS]
    own = [OWN_CODE.get(c, c) for c in codes]
    shift = (indications.municipality[rows] == OWN_CODE_MUNICIPALITY) * len(codes)
    code = np.where(indications.aspecific[rows], 2 * len(codes), index + shift)
    return pick([p.category for p in PRODUCTS], index), pick([*codes, *own, ""], code)


def indication_columns(
    region: Region, children: Children, providers: Providers, indications: Indications, versions: Versions
) -> Columns:
    """One row per version, in the order the municipalities decided them."""
    rows = versions.indication
    kind = np.where(indications.aspecific[rows], NONE, VOLUME_KIND[indications.product[rows]])
    category, code = product_codes(region, indications, rows)
    return {
        "gemeentecode": pick(region.municipality_codes, indications.municipality[rows]),
        **person(children, indications.child[rows]),
        "aanbieder_agb": padded(providers.agb[indications.provider[rows]], 8),
        "toewijzingnummer": numbers(indications.number[rows]),
        "productcategorie": category,
        "productcode": code,
        "aanmelddatum": dates(indications.applied[rows]),
        "toewijzingsdatum": dates(versions.decided),
        "toewijzingstijd": times(versions.seconds),
        "ingangsdatum": dates(indications.start[rows]),
        "einddatum": dates(versions.end),
        "reden_wijziging": pick(REASONS, versions.reason),
        "volume": numbers(versions.volume, kind == NONE),
        "eenheid": pick(UNIT, kind),
        "frequentie": pick(FREQUENCY, kind),
        "verwijzer": pick(cal.REFERRERS, indications.referrer[rows]),
        "referentie_aanbieder": present(
            joined("VOT", padded(indications.number[rows], 9)), has_reference(indications, rows)
        ),
        "leveringsvorm": pick(("zin", "pgb"), indications.pgb[rows].astype(np.int64)),
        "wet": constant("jeugdwet", len(rows)),
    }


def enrolment_columns(schools: Schools, children: Children, stays: Enrolments) -> Columns:
    """One row per stay, ended ones included; what lies after the cutoff is open."""
    kind = schools.type[stays.school]
    end = np.where(stays.end > cal.CUTOFF, OPEN, stays.end)
    special = np.isin(kind, (cal.SBO, cal.SO, cal.VSO))
    until = np.minimum(end, cal.CUTOFF)
    term = 2 + stays.child % 3
    passed = np.maximum(school_year_of(until) - school_year_of(stays.start) + 1, 1)
    tlv = days_of(school_year_of(stays.start) + -(-passed // term) * term, 7, 31)
    level = np.select([kind == cal.SBO, stays.child % 10 < 7, stays.child % 10 < 9], [1, 1, 2], 3)
    return {
        "brin": pick([b[:4] for b in schools.brin6], stays.school),
        "vestiging": pick([b[4:] for b in schools.brin6], stays.school),
        **person(children, stays.child),
        "leerlingnummer": numbers(10_000 + stays.child),
        "schoolsoort": pick(cal.TYPES, kind),
        "leerjaar": numbers(grades(children, stays, kind)),
        "datum_inschrijving": dates(stays.start),
        "datum_uitschrijving": dates(end),
        "hoofdinschrijving": flags(stays.main),
        "tlv_categorie": pick(("", "L", "M", "H"), np.where(special, level, 0)),
        "tlv_einddatum": dates(np.where(special, tlv, OPEN)),
    }


def grades(children: Children, stays: Enrolments, kind: Ints) -> Ints:
    """Group 1-8, or year 1-6, at the end of the stay or on the cutoff; at SO and VSO years spent there."""
    until = np.minimum(stays.end, cal.CUTOFF)
    age = school_year_of(until) - school_year_of(children.birth[stays.child])
    group = np.clip(age - 3, 1, 8)
    year = np.clip(age - 11, 1, 6)
    spent = school_year_of(until) - school_year_of(stays.start) + 1
    primary: Bools = np.isin(kind, (cal.BO, cal.SBO))
    secondary: Bools = np.isin(kind, (cal.VO, cal.PRO))
    return np.asarray(np.select([primary, secondary], [group, year], np.clip(spent, 1, 12)), dtype=np.int64)


def write_schools(path: Path, region: Region, schools: Schools, partner: list[str]) -> int:
    """scholen.csv"""
    return write_csv(
        path,
        {
            "brin": text([b[:4] for b in schools.brin6]),
            "vestiging": text([b[4:] for b in schools.brin6]),
            "naam": text(schools.names),
            "schoolsoort": pick(cal.TYPES, schools.type),
            "cluster": text(schools.cluster),
            "gemeentecode": pick(region.municipality_codes, schools.municipality),
            "postcode": postcodes(schools.pc4, schools.type % 6),
            "bevoegd_gezag": text(schools.board),
            "samenwerkingsverband": text(schools.swv),
            "ikc": flags(schools.ikc > 0),
            "vaste_partner": text(partner),
            "opvolger_brin6": text([""] * len(schools.names)),
        },
    )


def consortium_name(region: Region, index: int) -> str:
    """Name of a consortium; empty for none."""
    return (
        ""
        if index < 0
        else f"Consortium {'ABCDEFGH'[index]}" + (f"{region.number + 1}" if region.number else "")
    )


def write_providers(path: Path, region: Region, providers: Providers) -> int:
    """aanbieders.csv: two lines for a provider that changed consortium on the contract day."""
    rows: list[tuple[str, ...]] = []
    for i, name in enumerate(providers.names):
        parent = str(providers.agb[providers.parent[i]]) if providers.parent[i] >= 0 else ""
        now = consortium_name(region, int(providers.consortium_later[i]))
        before = consortium_name(region, int(providers.consortium[i]))
        start = iso(cal.TURNOVER_DAY)
        if now != before:
            end = iso(cal.TURNOVER_DAY - 1)
            rows.append((str(providers.agb[i]), name, parent, before, iso(cal.DELIVERED_FROM), end))
            rows.append((str(providers.agb[i]), name, parent, now, start, ""))
        else:
            rows.append((str(providers.agb[i]), name, parent, now, "", ""))
    names = ("agb", "naam", "moeder_agb", "consortium", "geldig_van", "geldig_tot")
    return write_csv(path, dict(zip(names, (text(c) for c in zip(*rows, strict=True)), strict=True)))


def write_products(path: Path, region: Region) -> int:
    """producten.csv: for all municipalities, before and after the contract round; one own code."""
    rows: list[tuple[str, ...]] = []
    contract = iso(cal.TURNOVER_DAY)
    before = iso(cal.TURNOVER_DAY - 1)
    for p in PRODUCTS:
        owners = [("", p.code)]
        if p.code in OWN_CODE:
            owners.append((region.municipality_codes[OWN_CODE_MUNICIPALITY], OWN_CODE[p.code]))
        for owner, code in owners:
            what = (owner, p.category, code, p.description, p.form, p.weight, p.setting, p.role)
            rows.append((*what, str(p.tariff_cents), p.tariff_unit, "", before))
            raised = p.tariff_cents if p.tariff_unit == "euro" else round(p.tariff_cents * RAISE)
            rows.append((*what, str(raised), p.tariff_unit, contract, ""))
    for p in WITHOUT_CODE:
        what = ("", p.category, "", p.description, p.form, p.weight, p.setting, p.role)
        rows.append((*what, "", "", "", ""))
    names = (
        *("gemeentecode", "productcategorie", "productcode", "omschrijving", "hulpvorm", "zwaarte", "plaats"),
        *("rol", "tarief", "tarief_eenheid", "geldig_van", "geldig_tot"),
    )
    return write_csv(path, dict(zip(names, (text(c) for c in zip(*rows, strict=True)), strict=True)))
