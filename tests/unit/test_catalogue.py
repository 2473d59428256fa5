"""The catalogue as data: complete, consistent with the inputs and with what may be shown."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from zorgdata.assets import asset
from zorgdata.catalogue import CatalogueError, Disclosure, load
from zorgdata.catalogue.loader import (
    FOLDER,
    check_shadows,
    read_texts,
    read_themes,
    read_vocabulary,
    resolve_all,
)
from zorgdata.errors import ExitCode, UsageError
from zorgdata.sources.kinds import KINDS

CATALOGUE = load()
BASE = {metric.key: metric for metric in CATALOGUE}
SHARED = Path(__file__).parents[2].parent / "shared"

# The columns of metrics.school that the contract fixes; keys and helpers are no figures of their own.
SCHOOL_COLUMNS_TEXT = """
pupils_ever pupil_days mean_pupils care_pupils period_prev care_days persontime_prev hours timed_care_days
hours_per_pupil_week hours_per_timed_carepupil_week providers_ever provider_days cr1 cr3 hhi eff_providers
municipalities municipality_hhi school_providers_peak school_providers_mean child_peak_max mean_concurrent
share_days_ge2 share_days_ge3 upc_t_mean main_cover_mean hhi_t_mean pdc_from_start_mean upc_t_dayweighted
starts_entry_g0 starts_replacement_g0 starts_addition_g0 switches_per_careyear_g0 secon_same_g0 secon_n_g0
renewal_ended_g0 renewal_same_g0 renewal_any_g0 starts_entry_g28 starts_replacement_g28 starts_addition_g28
switches_per_careyear_g28 secon_same_g28 secon_n_g28 renewal_ended_g28 renewal_same_g28 renewal_any_g28
"""
SCHOOL_COLUMNS = SCHOOL_COLUMNS_TEXT.split()


def columns_of(metric):
    return {metric.column, metric.numerator_column, metric.denominator_column} - {""}


def test_themes_run_from_a_to_k_and_each_has_words_for_its_reader():
    assert [theme.letter for theme in CATALOGUE.themes] == list("ABCDEFGHIJK")
    for theme in CATALOGUE.themes:
        assert theme.metrics
        assert all(question.endswith("?") for question in theme.questions_nl)


@pytest.mark.parametrize("column", SCHOOL_COLUMNS)
def test_every_column_of_metrics_school_belongs_to_a_stored_metric(column):
    assert any(f"metrics.school.{column}" in columns_of(metric) for metric in CATALOGUE.by_key.values())


def test_a_metric_names_only_columns_that_exist():
    known = {f"metrics.school.{column}" for column in (*SCHOOL_COLUMNS, "window_days")}
    known |= {"metrics.point_prevalence.care_pupils", "metrics.point_prevalence.pupils"}
    for metric in CATALOGUE.by_key.values():
        assert columns_of(metric) <= known, metric.key


def test_a_value_column_belongs_to_one_metric():
    owners = [m.column for m in CATALOGUE.by_key.values() if m.column]
    assert len(owners) == len(set(owners))


def test_required_suffixes_leave_no_bare_key():
    assert "switches_per_careyear" not in CATALOGUE
    assert "switches_per_careyear_g0" in CATALOGUE
    assert "care_cost" not in CATALOGUE
    assert "care_cost_declared" in CATALOGUE
    assert "effective_providers" in CATALOGUE
    assert "effective_providers_on_date" in CATALOGUE


def test_a_variant_is_resolved_with_its_own_label_columns_and_gap():
    metric = CATALOGUE.metric("switches_per_careyear_g28")
    assert metric.base_key == "switches_per_careyear"
    assert metric.gap == 28
    assert metric.column == "metrics.school.switches_per_careyear_g28"
    assert "28 dagen" in metric.label_nl
    assert metric.definition_nl.startswith(BASE["switches_per_careyear"].definition_nl)
    assert "28 dagen" in metric.definition_nl


def test_a_variant_with_a_definition_of_its_own_replaces_the_definition():
    period, date = CATALOGUE.metric("effective_providers"), CATALOGUE.metric("effective_providers_on_date")
    assert "aanbiederdagen" in period.definition_nl
    assert period.column == "metrics.school.eff_providers"
    assert "1/k" in date.definition_nl
    assert "aanbiederdagen" not in date.definition_nl
    assert (date.column, date.periods, date.shadow_of) == ("", ("reference_date",), "pupils_with_care")


def test_suffixes_combine_in_one_order():
    assert CATALOGUE.metric("uninterrupted_duration_g28_p90").quantile
    assert CATALOGUE.metric("cost_per_client_declared_median").quantile
    assert not CATALOGUE.metric("cost_per_client_declared").quantile
    with pytest.raises(UsageError) as caught:
        CATALOGUE.metric("uninterrupted_duration_p90_g28")
    assert "uninterrupted_duration_g28_p90" in caught.value.hint


def test_a_family_is_known_by_its_base_key():
    assert CATALOGUE.metric("secon_t").key == "secon_t"
    assert [m.key for m in CATALOGUE.family("secon_t")] == ["secon_t_g0", "secon_t_g28"]


def test_an_unknown_key_names_the_nearest_one():
    with pytest.raises(UsageError) as caught:
        CATALOGUE.metric("care_shar")
    assert "care_shar" in caught.value.message
    assert "care_share" in caught.value.hint
    assert caught.value.exit_code is ExitCode.USAGE
    with pytest.raises(UsageError) as caught:
        CATALOGUE.metric("xyzzy")
    assert "Did you mean" not in caught.value.hint


def test_the_kinds_of_input_are_those_of_the_contract():
    assert {name for name, source in CATALOGUE.vocabulary.sources.items() if source.input} == set(KINDS)


def test_needed_columns_exist_in_their_kind():
    for metric in CATALOGUE.by_key.values():
        for needed in metric.columns:
            kind, _, name = needed.partition(".")
            assert name in {column.name for column in KINDS[kind].columns}, (metric.key, needed)


def test_a_column_is_only_needed_of_a_kind_that_is_needed():
    for metric in CATALOGUE.by_key.values():
        kinds = {kind for source in metric.sources for kind in source.split("|")}
        assert {column.partition(".")[0] for column in metric.columns} <= kinds, metric.key


def test_what_was_not_delivered_is_named():
    lacking = dict_of(CATALOGUE.not_available(["indications", "enrolments", "schools", "providers"]))
    assert "care_share" not in lacking
    assert "switches_per_careyear_g28" not in lacking
    assert lacking["dual_funding_share"] == ("arrangements",)
    assert lacking["stepped_care_share"] == ("products", "light_support")
    assert lacking["care_cost_declared"] == ("declarations",)
    assert lacking["care_share_incl_collectief"] == ("collective_supply",)
    assert lacking["client_satisfaction"] == ("surveys|outcomes",)


def test_one_of_two_kinds_is_enough():
    assert "client_satisfaction" not in dict_of(CATALOGUE.not_available(["outcomes"]))
    assert "client_satisfaction" not in dict_of(CATALOGUE.not_available(["surveys"]))


def test_a_missing_optional_column_makes_a_metric_unavailable():
    kinds = ["deliveries", "enrolments"]
    assert "professionals_per_pupil" not in dict_of(CATALOGUE.not_available(kinds))
    lacking = dict_of(CATALOGUE.not_available(kinds, columns=[]))
    assert lacking["professionals_per_pupil"] == ("deliveries.professional_id",)
    filled = dict_of(CATALOGUE.not_available(kinds, columns=["deliveries.professional_id"]))
    assert "professionals_per_pupil" not in filled


def test_with_everything_delivered_nothing_is_lacking():
    assert dict_of(CATALOGUE.not_available(KINDS)) == {}


def test_by_source_finds_alternatives_and_variants():
    keys = {metric.key for metric in CATALOGUE.by_source("declarations")}
    assert {"care_cost_declared", "gp_route_cost_share_declared"} <= keys
    assert "care_cost_assigned" not in keys
    assert "special_participation" in {m.key for m in CATALOGUE.by_source("pupil_counts")}
    with pytest.raises(UsageError):
        CATALOGUE.by_source("invoices")


def dict_of(pairs):
    return {metric.key: missing for metric, missing in pairs}


def test_medians_and_percentiles_stay_above_the_school():
    allowed = {"school_type", "school_municipality", "responsible_municipality", "swv", "region"}
    for metric in CATALOGUE.by_key.values():
        if metric.quantile:
            assert set(metric.levels) <= allowed, metric.key
        elif re.search(r"mediaan|percentiel", metric.formula):
            pytest.fail(f"{metric.key} is a median and not marked as one")


def test_sensitive_figures_stay_with_region_and_swv():
    for metric in CATALOGUE.by_key.values():
        if metric.disclosure is Disclosure.SENSITIVE:
            assert set(metric.levels) <= {"swv", "region"}, metric.key


def test_the_figure_of_one_child_is_internal():
    assert CATALOGUE.metric("child_peak_max").disclosure is Disclosure.INTERNAL
    assert CATALOGUE.metric("collective_score").disclosure is Disclosure.INTERNAL


def test_what_is_derived_from_care_of_children_follows_a_count():
    derived = {Disclosure.SHARE, Disclosure.MEAN, Disclosure.HOURS, Disclosure.MONEY, Disclosure.STRUCTURE}
    for metric in CATALOGUE.by_key.values():
        of_children = {"indications", "deliveries", "declarations", "light_support"}.intersection(
            metric.sources
        )
        if of_children and metric.disclosure in derived:
            assert metric.shadow_of, metric.key


def test_care_counts_have_a_known_upper_bound():
    for key in ("pupils_with_care", "care_pupils", "care_intensive_pupils", "long_relative_absence"):
        assert CATALOGUE.metric(key).population in ("pupils_enrolled", "pupils_ever")


def test_a_share_of_care_warns_that_a_fall_may_be_registration():
    warning = CATALOGUE.vocabulary.caveats["registration"]
    for key in (
        "care_share",
        "care_share_year",
        "providers_per_school",
        "switches_per_careyear",
        "care_cost",
    ):
        assert warning in BASE[key].caveats_nl


def test_every_dimension_with_a_fixed_list_has_labels():
    for name, dimension in CATALOGUE.vocabulary.dimensions.items():
        labels = CATALOGUE.labels(name)
        assert bool(labels) == bool(dimension.values or dimension.seed)
        assert set(dimension.sensitive) <= set(labels)
    assert CATALOGUE.labels("school_type")["PRO"] == "Praktijkonderwijs"
    with pytest.raises(UsageError):
        CATALOGUE.labels("colour")


def test_principles_pillars_and_criteria_name_stored_metrics():
    named = [key for principle in CATALOGUE.texts.principles for key in principle.metrics]
    named += [k for keys in BASE["pillar_progress"].parameters["pillar_metrics"].values() for k in keys]
    criteria = BASE["collective_score"].parameters["criteria"]
    named += [key for criterion in criteria for key in (criterion["metric"], criterion.get("times"))]
    missing = [key for key in named if key and key not in CATALOGUE and key not in BASE]
    assert missing == []
    assert sum(criterion["weight"] for criterion in criteria) == pytest.approx(1)
    assert {c["criterion"] for c in criteria} == set(CATALOGUE.labels("criterion"))


def test_class_labels_of_the_catalogue_agree_with_the_dimension():
    parameters = BASE["care_intensity_class"].parameters
    assert parameters["labels"] == list(CATALOGUE.labels("intensity_class"))
    assert len(parameters["bounds"]) == len(parameters["labels"]) - 1


def test_checks_name_metrics_that_exist():
    for path in asset("sql", "checks").glob("*.sql"):
        found = re.search(r"^affects = \[(.*)\]$", path.read_text(encoding="utf-8"), re.MULTILINE)
        for key in re.findall(r'"(\w+)"', found[1]) if found else []:
            assert key in BASE, (path.name, key)


@pytest.mark.skipif(not SHARED.exists(), reason="the reference material is not here")
def test_every_key_of_the_reference_exists_under_its_code():
    page = (SHARED / "CATALOGUE.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([A-K]\d+) \| [^|]+ \| ([^|]+) \|", page, re.MULTILINE)
    assert len(rows) > 100
    for code, cell in rows:
        for key in re.findall(r"`(\w+)`", cell):
            assert CATALOGUE.metric(key).code == code


def test_the_catalogue_stays_light():
    program = (
        "import sys; from zorgdata.catalogue import load; load();"
        "heavy = {'duckdb', 'polars', 'pyarrow', 'numpy', 'sqlglot', 'jinja2'}.intersection(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def folder(tmp_path):
    copy = tmp_path / "catalogue"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    return copy


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("themes/a_population.toml", 'unit = "count"', 'unit = "heads"', "'pupils_enrolled': unit"),
        ("themes/a_population.toml", 'code = "A1"', 'code = "B1"', "not of theme A"),
        ("themes/a_population.toml", 'code = "A1"', 'cod = "A1"', "'pupils_enrolled': cod"),
        ("themes/a_population.toml", 'sources = ["enrolments"]', 'sources = ["pupils"]', "sources: 'pupils'"),
        ("themes/a_population.toml", '"@schools"', '"@school"', "levels: there is no set"),
        ("themes/a_population.toml", '"@window"', '"@windw"', "caveats_nl: there is no shared caveat"),
        ("themes/a_population.toml", '["1.2", "2.11"]', '["1.2", "1.2"]', "seeds: a word occurs twice"),
        ("themes/b_use.toml", '["incl_collectief"]', '["incl_collective"]', "variants: there is no shared"),
        ("themes/b_use.toml", '"heavy_share"', '"light_share"', "'light_share' occurs twice"),
        (
            "themes/b_use.toml",
            'population = "pupils_enrolled"',
            'population = "upils"',
            "'upils' is no metric",
        ),
        (
            "themes/b_use.toml",
            'shadow_of = "care_pupils"',
            'shadow_of = "care_share"',
            "no count of children",
        ),
        ("themes/b_use.toml", 'letter = "B"', 'letter "B"', "b_use.toml: no valid TOML"),
        ("vocabulary.toml", "required = true", 'required = "maybe"', "vocabulary.toml: variant_groups.basis"),
        ("texts.toml", "[signs]", "[sign]", "texts.toml"),
    ],
)
def test_a_mistake_in_a_file_is_named(folder, file, old, new, said):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        read_all(folder)
    assert said in caught.value.message


def test_a_missing_file_is_named(folder):
    (folder / "vocabulary.toml").unlink()
    with pytest.raises(CatalogueError, match=r"vocabulary\.toml: the file is missing"):
        read_all(folder)


def read_all(folder):
    vocabulary = read_vocabulary(folder)
    read_texts(folder)
    themes = read_themes(vocabulary, folder)
    resolved = resolve_all(themes, vocabulary)
    check_shadows(resolved, {m.key: m for theme in themes for m in theme.metrics})


@pytest.mark.parametrize("group", ["levels", "pages", "sources", "dimensions"])
def test_every_word_of_a_report_has_an_english_name(group: str) -> None:
    catalogue = load()
    dutch, english = getattr(catalogue.vocabulary, group), getattr(catalogue.english, group)
    assert english.keys() == dutch.keys()
    assert all(catalogue.word(group, key, "en").strip() for key in dutch)
    assert catalogue.word(group, "no such key") == catalogue.word(group, "no such key", "en") == "no such key"


def test_every_value_of_a_dimension_has_an_english_name() -> None:
    catalogue = load()
    for dimension in catalogue.vocabulary.dimensions:
        assert catalogue.labels(dimension, "en").keys() == catalogue.labels(dimension).keys(), dimension
    assert catalogue.labels("referrer", "en")["02"] == "General practitioner"
