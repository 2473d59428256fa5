"""The house style: contrast of every pair of colours that meet, and themes that may not fetch anything."""

from itertools import pairwise
from pathlib import Path

import pytest

from zorgdata.errors import UsageError
from zorgdata.report.page import load_style
from zorgdata.report.texts import load_texts
from zorgdata.report.theme import check_override, contrast, read_theme

THEME = load_style().theme

TEXT_PAIRS = [
    ("ink", "paper"), ("ink", "wash"), ("ink-soft", "paper"), ("ink-soft", "wash"),
    ("accent", "paper"), ("accent", "wash"), ("accent-strong", "paper"), ("accent-strong", "wash"),
    ("on-accent", "accent-strong"), ("on-accent-soft", "accent-strong"), ("ink", "signal-soft"),
    *((f"on-seq-{i}", f"seq-{i}") for i in range(1, 6)),
]  # fmt: skip
GRAPHIC_PAIRS = [
    ("accent", "paper"), ("accent", "seq-2"), ("accent-mid", "paper"), ("accent-mid", "wash"),
    ("signal", "paper"), ("signal", "wash"), ("edge", "paper"), ("seq-3", "accent-strong"),
    ("accent", "seq-3"), ("accent-strong", "seq-3"),
]  # fmt: skip


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("one", "other"), TEXT_PAIRS)
def test_text_is_readable(one: str, other: str) -> None:
    assert contrast(THEME[one], THEME[other]) >= 4.5


@pytest.mark.parametrize(("one", "other"), GRAPHIC_PAIRS)
def test_graphic_parts_stand_out(one: str, other: str) -> None:
    assert contrast(THEME[one], THEME[other]) >= 3


def test_the_classes_stay_apart_in_grey() -> None:
    """Neighbouring classes differ clearly in luminance, so that a grey print and any colour vision do."""
    steps = [THEME[f"seq-{i}"] for i in range(1, 6)]
    assert min(contrast(a, b) for a, b in pairwise(steps)) >= 1.2


@pytest.mark.parametrize(
    "css",
    [
        "</style><script>", "@import 'x';", "a{background:url(x.png)}", "a{background:URL (x)}",
        "<!--", r"a{background:\75rl(x)}", "a{background:image-set('x')}",
    ],
)  # fmt: skip
def test_a_theme_may_not_fetch_or_break_out(css: str) -> None:
    with pytest.raises(UsageError):
        check_override(css)


def test_a_theme_replaces_properties_that_charts_use(tmp_path: Path) -> None:
    own = tmp_path / "own.css"
    own.write_text(":root { --accent: #123456; }", encoding="utf-8")
    assert load_style(theme=own).theme["accent"] == "#123456"


def test_print_rules_do_not_change_the_theme() -> None:
    assert (
        read_theme(":root { --a: #111111; }\n@media print {\n  :root { --a: #222222; }\n}")["a"] == "#111111"
    )


def test_a_logo_must_be_a_small_picture(tmp_path: Path) -> None:
    page = tmp_path / "logo.html"
    page.write_text("<b>", encoding="utf-8")
    with pytest.raises(UsageError):
        load_style(logo=page)


def test_a_region_may_reword_but_not_invent(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[brief]\ntitle = "Kort en goed"\n', encoding="utf-8")
    assert load_texts(override=own)("brief.title") == "Kort en goed"
    own.write_text('[brief]\ntitel = "x"\n', encoding="utf-8")
    with pytest.raises(UsageError, match=r"brief\.titel"):
        load_texts(override=own)
