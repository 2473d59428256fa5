"""A settings file is checked whole, and a mistake is named with file, line, key and the nearest name."""

from pathlib import Path

import pytest

from zorgdata.assets import asset
from zorgdata.errors import ExitCode, UsageError
from zorgdata.settings import Settings, load_settings


def written(folder: Path, text: str) -> Path:
    path = folder / "zorgdata.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_missing_file_means_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "zorgdata.toml") == Settings()


def test_the_commented_template_holds_exactly_the_defaults(tmp_path: Path) -> None:
    text = asset("templates", "zorgdata.toml").read_text(encoding="utf-8").replace("{{ name }}", "Regio")
    assert load_settings(written(tmp_path, text)) == Settings()


def test_an_unknown_key_names_line_and_nearest_name(tmp_path: Path) -> None:
    path = written(tmp_path, '[region]\nname = "X"\n\n[ingest]\nmax_quarantine_shar = 0.1\n')
    with pytest.raises(UsageError) as caught:
        load_settings(path)
    assert caught.value.exit_code == ExitCode.USAGE
    assert "line 5" in caught.value.message
    assert "ingest.max_quarantine_shar" in caught.value.message
    assert caught.value.hint == "Did you mean 'max_quarantine_share'?"


def test_an_unknown_table_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load_settings(written(tmp_path, "[regio]\n"))
    assert "line 1" in caught.value.message
    assert caught.value.hint == "Did you mean 'region'?"


def test_a_wrong_value_says_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load_settings(written(tmp_path, "[ingest]\n\nmax_quarantine_share = 7\n"))
    assert "line 3" in caught.value.message
    assert "less than or equal to 1" in caught.value.message


def test_a_disclosure_limit_below_its_floor_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="threshold"):
        load_settings(written(tmp_path, "[disclosure.public]\nthreshold = 4\n"))


def test_broken_toml_is_told_with_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "[region\n")
    with pytest.raises(UsageError, match=r"no valid TOML") as caught:
        load_settings(path)
    assert str(path) in caught.value.message


def test_settings_for_sql_are_plain_rows() -> None:
    rows = Settings.model_validate(
        {"periods": {"first_year": 2020, "reference_dates": ["10-01", "02-01"]}, "region": {"name": "R"}}
    ).sql_rows()
    assert ("periods.first_year", "2020") in rows
    assert [value for name, value in rows if name == "periods.reference_date"] == ["10-01", "02-01"]


def mergers(*steps: str) -> str:
    """Settings with these mergers, given as old code, new code and first day."""
    fields = [step.split() for step in steps]
    blocks = [f'[[region.mergers]]\nold = "{a}"\nnew = "{b}"\nfrom_date = {day}\n' for a, b, day in fields]
    return '[region]\nname = "R"\n\n' + "\n".join(blocks)


def test_a_municipality_goes_on_under_the_last_code(tmp_path: Path) -> None:
    path = written(tmp_path, mergers("9911 9912 2019-01-01", "9912 9901 2023-01-01"))
    settings = load_settings(path)
    assert [settings.region.current(code) for code in ("9911", "9912", "9901")] == ["9901"] * 3
    assert ("merger.9911", "9912 2019-01-01") in settings.sql_rows()


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        (["9911 9901 2023-01-01", "9911 9902 2023-01-01"], "9911 goes on under both 9901 and 9902"),
        (["9911 9912 2019-01-01", "9912 9911 2023-01-01"], "9911 -> 9912 -> 9911 goes round in a circle"),
        (["9911 9911 2019-01-01"], "9911 -> 9911 goes round in a circle"),
        (["9911 9912 2023-01-01", "9912 9901 2019-01-01"], "9912 ended on 2019-01-01, before 9911 went on"),
    ],
)
def test_mergers_that_lead_nowhere_are_refused(tmp_path: Path, steps: list[str], told: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_settings(written(tmp_path, mergers(*steps)))
    assert "line 1" in caught.value.message
    assert f"key 'region': mergers: {told}" in caught.value.message


def test_a_faulty_merger_names_its_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load_settings(written(tmp_path, mergers("9911 901 2023-01-01")))
    assert "line 6" in caught.value.message
    assert "region.mergers.0.new" in caught.value.message
    with pytest.raises(UsageError) as caught:
        load_settings(written(tmp_path, mergers("9911 9901 2023-01-01").replace("new", "nieuw")))
    assert "line 6" in caught.value.message
    assert caught.value.hint == "Did you mean 'new'?"
