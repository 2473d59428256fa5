"""The code lists: one layout, and the same factors and groups as everything that computes with them."""

import csv
import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from zorgdata.assets import asset
from zorgdata.catalogue import code_list, load
from zorgdata.sources.kinds import KINDS, SCHOOL_TYPES
from zorgdata.stats.hours import hours_per_day

LISTS = sorted(path.stem for path in asset("sql", "seeds").glob("*.csv"))
SHARED = Path(__file__).parents[2].parent / "shared"


def read(name):
    with asset("sql", "seeds", f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return {row["code"]: row for row in csv.DictReader(lines)}


@pytest.mark.parametrize("name", LISTS)
def test_layout(name):
    path = asset("sql", "seeds", f"{name}.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines)
    assert header[:4] == ["code", "label", "valid_from", "valid_to"]
    codes = [row[0] for row in rows]
    assert len(set(codes)) == len(codes)
    for row in rows:
        assert len(row) == len(header)
        assert row[0]
        assert row[1]
        first, last = (date.fromisoformat(text) if text else None for text in row[2:4])
        assert first is None or last is None or first <= last
        for column, value in zip(header, row, strict=True):
            if column.startswith("is_"):
                assert value in ("true", "false"), (name, row[0], column)
    assert name in asset("sql", "seeds", "README.md").read_text(encoding="utf-8")


def test_every_list_a_dimension_names_exists():
    for dimension in load().vocabulary.dimensions.values():
        if dimension.seed:
            assert dimension.seed in LISTS


@pytest.mark.parametrize("unit", sorted(read("unit")))
@pytest.mark.parametrize("frequency", sorted(read("frequency")))
def test_factors_are_those_of_hours_per_day(unit, frequency):
    start, end = date(2024, 1, 1), date(2024, 12, 31)
    hours, per_day = read("unit")[unit]["hours"], read("frequency")[frequency]["per_day"]
    expected = hours_per_day(3, unit, frequency, start, end)
    if not hours:
        assert expected is None
        return
    times = float(per_day) if per_day else 1 / 366
    assert expected == pytest.approx(3 * float(hours) * times, rel=1e-14)


def test_two_codes_delete_and_only_until_2022_for_the_old_one():
    rows = read("change_reason")
    deleting = {code: row["valid_to"] for code, row in rows.items() if row["is_deletion"] == "true"}
    assert deleting == {"01": "2022-03-31", "13": ""}


def test_drop_out_by_default_leaves_out_agreement():
    rows = read("end_reason")
    assert {code for code, row in rows.items() if row["is_dropout"] == "true"} == {"32", "33", "35"}
    assert {code for code, row in rows.items() if row["outcome"] == "premature"} == {"32", "33", "34", "35"}
    assert {code for code, row in rows.items() if row["outcome"] == "planned"} == {"31", "39"}
    definition = load().metric("dropout_rate")
    known = "31, 32, 33, 34, 35, 39"
    assert known in definition.formula
    assert {c for c, row in rows.items() if row["outcome"] in ("planned", "premature")} == set(
        known.split(", ")
    )


def test_defaults_of_a_category_use_known_forms_and_classes():
    for row in read("product_category").values():
        assert row["care_form"] in {"", *code_list("care_form")}
        assert row["weight_class"] in {"", *code_list("weight_class")}
        assert row["sector"] in load().labels("sector")
        assert row["trend_code"] in read("product_category")


def test_defaults_of_a_category_are_those_the_figures_use():
    path = asset("sql", "core", "product_category.sql")
    sql = path.read_text(encoding="utf-8")
    if "seeds.product_category" in sql:
        return  # read from this very list
    rows = duckdb.connect().execute(sql).fetchall()
    seeds = read("product_category")
    assert {code: (form or "", weight or "") for code, form, weight in rows} == {
        code: (row["care_form"], row["weight_class"]) for code, row in seeds.items()
    }


def test_weights_and_horizons():
    parameters = load().metric("intensity_index").parameters["weights"]
    assert {c: int(r["weight"]) for c, r in read("weight_class").items() if r["weight"]} == parameters
    horizons = {
        code: (row["horizon_age"], row["next_horizon_age"]) for code, row in read("school_type").items()
    }
    assert set(horizons) == set(SCHOOL_TYPES)
    assert horizons["SBO"] == ("13", "")
    assert horizons["PRO"] == ("18", "")
    assert horizons["SO/VSO"] == ("13", "18")
    assert horizons["MBO"] == ("", "")
    scope = {code for code, row in read("school_type").items() if row["in_scope"] == "true"}
    assert scope == set(load().metric("collective_gates").parameters["school_types"])


def test_age_groups_and_durations_adjoin():
    for lower, upper in pairwise(read("age_group").values()):
        assert int(lower["age_to"]) + 1 == int(upper["age_from"])
    for shorter, longer in pairwise(read("duration_bin").values()):
        assert shorter["months_to"] == longer["months_from"]


def test_weight_classes_and_settings_are_those_of_the_input():
    choices = {column.name: column.choices for column in KINDS["products"].columns}
    assert set(choices["weight_class"]) <= set(code_list("weight_class"))
    assert set(choices["setting"]) == set(load().labels("setting"))
    initiatives = {column.name: column.choices for column in KINDS["initiatives"].columns}
    assert list(initiatives["phase"]) == list(load().labels("phase"))
    assert set(initiatives["initiative_type"]) == set(load().labels("initiative_type"))


@pytest.mark.skipif(not SHARED.exists(), reason="the reference material is not here")
@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("product_category", "ijw_JZ020_productcategorie"),
        ("unit", "ijw_WJ756_eenheid"),
        ("frequency", "ijw_WMO757_frequentie"),
        ("referrer", "ijw_COD327_verwijzer"),
        ("change_reason", "ijw_JZ002_reden_wijziging"),
        ("end_reason", "ijw_JZ588_reden_beeindiging"),
    ],
)
def test_codes_are_those_of_the_standard(name, file):
    with (SHARED / "codelists" / f"{file}.csv").open(encoding="utf-8", newline="") as lines:
        standard = {row["code"]: row for row in csv.DictReader(lines)}
    ours = read(name)
    # Codes of older lists, and "onbekend" for what was left empty.
    own = {"frequency": {"3"}, "referrer": {"07", "onbekend"}}.get(name, set())
    assert set(ours) == set(standard) | own
    for code, row in standard.items():
        assert ours[code]["valid_from"] == row["valid_from"]
        if row["valid_to"]:
            assert ours[code]["valid_to"] == row["valid_to"]


@pytest.mark.skipif(not SHARED.exists(), reason="the reference material is not here")
def test_care_forms_are_those_of_cbs():
    page = (SHARED / "codelists" / "cbs_beleidsinformatie_jeugd.csv").read_text(encoding="utf-8")
    forms = set(re.findall(r"^(\d\d),.*BIJ_HULPVORM$", page, re.MULTILINE))
    assert {row["bij_code"] for row in read("care_form").values()} - {""} == forms
