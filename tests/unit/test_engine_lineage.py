"""Lineage: a column is followed to the file it came from, through CTEs, unions, counts and windows."""

import re
from pathlib import Path

import pytest

from zorgdata.assets import asset
from zorgdata.engine import Models, load_models
from zorgdata.engine.lineage import lineage_lines, raw_origin
from zorgdata.engine.trace import RAW_COLUMNS, UNRESOLVED, Source, Tracer
from zorgdata.errors import UsageError
from zorgdata.sources.kinds import IDENTIFYING, KINDS


def write(root: Path, name: str, columns: str, body: str) -> None:
    """One model file; ``columns`` is space-separated."""
    path = root / f"{name.replace('.', '/')}.sql"
    path.parent.mkdir(parents=True, exist_ok=True)
    meanings = "\n".join(f'{column} = "the {column}"' for column in columns.split())
    first = columns.partition(" ")[0]
    head = f'description = "about {name}"\ngrain = "one row per {first}"\nkey = []\nsteps = []'
    path.write_text(f"/*\n{head}\n[columns]\n{meanings}\n*/\n{body}\n", encoding="utf-8")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Models:
    """Indications of providers: their volume, their number, their order, and a figure of the catalogue."""
    root = tmp_path_factory.mktemp("lineage") / "sql"
    write(
        root,
        "staging.care",
        "child_id provider_id volume start_date",
        "with kept as (select *, line as n from raw.indications where child_id is not null)\n"
        "select child_id, provider_id, coalesce(volume, 0) as volume, start_date from kept",
    )
    write(
        root,
        "core.care",
        "child_id volume place change",
        "with step as (\n"
        "    select child_id, volume as change from staging.care\n"
        "    union all\n    select child_id, -volume from staging.care\n"
        "    union all\n    select child_id, 0 from staging.care\n)\n"
        "select care.child_id, volume, row_number() over (order by start_date) as place,\n"
        "    sum(change) over (partition by provider_id) as change\n"
        "from staging.care as care inner join step on care.child_id = step.child_id",
    )
    write(
        root,
        "metrics.unit",
        "care_days children",
        "with child as (select sum(volume) as care_days, count(*) as children from core.care)\n"
        "select care_days, children from child",
    )
    write(
        root,
        "metrics.theme",
        "metric value",
        "with f (metric, value) as (\n"
        "    select 'care_days', care_days from metrics.unit\n"
        "    union all\n    select 'care_pupils', children from metrics.unit\n)\n"
        "select metric, value from f",
    )
    write(
        root,
        "core.list",
        "code",
        "select code from (values ('a'), ('b')) as t (code)",
    )
    return load_models(root)


@pytest.fixture(scope="module")
def shipped() -> Models:
    return load_models(asset("sql"))


def sources(models: Models, name: str) -> set[str]:
    table, _, column = name.rpartition(".")
    return {str(source) for source in Tracer(models).column(table, column).sources()}


def test_a_value_goes_through_ctes_and_stars_to_the_column_of_the_table_that_is_read(town: Models) -> None:
    assert sources(town, "staging.care.volume") == {"raw.indications.volume"}
    assert sources(town, "metrics.unit.care_days") == {"core.care.volume"}


def test_a_count_is_traced_to_the_rows_it_counts(town: Models) -> None:
    assert sources(town, "metrics.unit.children") == {"rows of core.care"}


def test_a_window_gives_what_it_adds_up_and_not_how_it_is_ordered(town: Models) -> None:
    step = Tracer(town).column("core.care", "change")
    assert {str(s) for s in step.sources()} == {"staging.care.volume"}
    assert step.expression == "sum(change) over (partition by provider_id)"


def test_a_rank_is_traced_to_the_rows_it_ranks(town: Models) -> None:
    assert sources(town, "core.care.place") == {"rows of staging.care"}


def test_every_part_of_a_union_counts_unless_it_adds_nothing(town: Models) -> None:
    """In the order of their text: what stands in one place is the same in every process."""
    parts = Tracer(town).column("core.care", "change").parts
    assert [str(part) if isinstance(part, Source) else part.expression for part in parts] == [
        "-volume",
        "staging.care.volume",
    ]


def test_a_list_in_a_model_says_so(town: Models) -> None:
    step = Tracer(town).column("core.list", "code")
    assert (step.expression, step.parts) == ("a list in the model itself", ())


@pytest.mark.parametrize(
    "body",
    [
        "select line! as a from raw.meetings cross join raw.places",  # a sign that only DuckDB knows
        "select nowhere as a from raw.meetings cross join raw.places",
        "select abs(nowhere) as a from raw.meetings cross join raw.places",
    ],
)
def test_what_cannot_be_resolved_is_traced_to_all_tables_of_the_model(tmp_path: Path, body: str) -> None:
    write(tmp_path / "sql", "staging.odd", "a", body)
    models = load_models(tmp_path / "sql")
    step = Tracer(models).column("staging.odd", "a")
    assert [str(source) for source in step.sources()] == ["rows of raw.meetings", "rows of raw.places"]
    assert any(UNRESOLVED in line for line in lineage_lines(models, "staging.odd.a"))


def test_a_column_says_its_meaning_its_file_and_the_whole_way_down(town: Models) -> None:
    lines = lineage_lines(town, "Metrics.Unit.Care_Days")
    assert lines[:5] == [
        "metrics.unit.care_days: the care_days",
        "  sql/metrics/unit.sql: one row per care_days",
        "",
        "Made from:",
        "  metrics.unit.care_days <- sum(volume)",
    ]
    assert "        raw.indications.volume <- column volume in indicaties.csv" in lines


def test_counted_rows_are_followed_to_the_files(town: Models) -> None:
    lines = lineage_lines(town, "metrics.unit.children")
    start = lines.index("Rows that are counted come from:")
    assert [line.split(":")[0].split(" <-")[0].strip() for line in lines[start + 1 : start + 4]] == [
        "core.care",
        "staging.care",
        "raw.indications",
    ]


def test_a_raw_column_names_what_is_made_from_it_down_to_the_figures(town: Models) -> None:
    lines = lineage_lines(town, "raw.indications.volume")
    assert "  staging.care.volume <- coalesce(volume, 0)" in lines
    assert lines[lines.index("Figures made from it:") + 1] == "  metrics.theme.value, metrics.unit.care_days"


def test_a_table_shows_its_upstream_with_descriptions_and_its_users(town: Models) -> None:
    lines = lineage_lines(town, "core.care")
    assert lines[0] == "core.care: about core.care"
    assert "  staging.care: about staging.care <- raw.indications" in lines
    assert lines[lines.index("Used by:") + 1] == "  metrics.unit: about metrics.unit"
    assert lines[-1] == "  and through these by metrics.theme"


def test_a_key_of_the_catalogue_is_found_where_its_value_is_made(town: Models) -> None:
    lines = lineage_lines(town, "care_days")
    assert "  metrics.theme.value of care_days <- metrics.unit.care_days" in lines
    assert not any("count(*)" in line for line in lines)


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("core.cara", "core.care"),
        ("care", "staging.care or core.care"),
        ("core.care.volum", "volume"),
        ("hours_asigned", "hours_assigned"),
        ("core.care.x.y", "child_id, volume"),
    ],
)
def test_an_unknown_name_is_a_mistake_with_the_nearest(town: Models, name: str, near: str) -> None:
    with pytest.raises(UsageError) as caught:
        lineage_lines(town, name)
    assert near in caught.value.hint


def test_a_raw_column_says_what_of_an_identifying_value_is_kept() -> None:
    assert raw_origin(Source("raw.indications", "child_id")) == "pseudonym of bsn in indicaties.csv"
    assert (
        raw_origin(Source("raw.enrolments", "school_id"))
        == "column brin6 or brin + vestiging in leerlingen.csv"
    )
    for kind in KINDS.values():
        for column in kind.columns:
            stored = column.stored()
            if stored and column.type in IDENTIFYING:
                assert f"column {column.header}" not in raw_origin(Source(f"raw.{kind.name}", stored[0]))


def test_every_raw_column_has_an_origin() -> None:
    for table, columns in RAW_COLUMNS.items():
        assert all(len(raw_origin(Source(table, column))) > 10 for column in columns)


def test_every_column_that_is_shipped_resolves_to_columns_that_exist(shipped: Models) -> None:
    tracer = Tracer(shipped)
    known = {t: set(c) for t, c in RAW_COLUMNS.items()} | {m.name: set(m.header.columns) for m in shipped}
    known |= {seed.name: set(seed.columns) for seed in shipped.seeds.values()}
    for model in shipped:
        for name, step in tracer.columns(model.name).items():
            assert UNRESOLVED not in step.expression, f"{model.name}.{name}"
            for source in step.sources():
                assert source.table in model.references, f"{model.name}.{name}: {source}"
                assert not source.column or source.column in known[source.table], f"{model.name}.{name}"


def test_hours_of_a_school_come_from_the_volume_that_was_assigned(shipped: Models) -> None:
    lines = lineage_lines(shipped, "metrics.school.hours")
    assert any(re.match(r" +raw\.indications\.volume <- column volume in indicaties\.csv$", x) for x in lines)
    assert any(line.startswith("  hours_assigned: ") for line in lines)
