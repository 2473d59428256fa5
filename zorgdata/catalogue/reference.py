"""The catalogue as text: a Markdown page per theme, the coverage of requirements, one metric explained.

``python -m zorgdata.catalogue.reference`` writes ``docs/reference/metrics/`` and ``docs/seeds.md``.
"""

import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

from zorgdata.catalogue import Catalogue, Metric, Requirement, State, Theme, Unit, load

_WIDTH = 88
_MADE = "<!-- Made from zorgdata/catalogue by `python -m zorgdata.catalogue.reference`; do not edit here. -->"
_STATES = {
    State.COMPUTED: "cijfer",
    State.REGISTER: "register",
    State.PAGE: "rapport",
    State.NOT_YET: "nog niet",
}


def explain(key: str, catalogue: Catalogue | None = None) -> str:
    """One metric in plain Dutch text, for ``zorgdata metrics --explain KEY``.

    A base key with required variants explains the family. Raises UsageError for an unknown key.
    """
    known = catalogue or load()
    metric = known.metric(key)
    lines = [metric.label_nl, "=" * len(metric.label_nl), "", *_wrap(metric.short_nl), ""]
    lines += [*_wrap(metric.definition_nl), ""]
    for name, text in facts(metric, known):
        lines += _wrap(f"{name}: {text}", "  ")
    variants = [m for m in known.family(metric.base_key) if m.key != metric.key]
    if variants and metric.key == metric.base_key:
        title = "Varianten:" if metric.key in known else "Alleen met een achtervoegsel:"
        lines += ["", title]
        lines += [line for m in variants for line in _wrap(f"- {m.key}: {applied(m)}", "    ")]
    if metric.caveats_nl:
        lines += ["", "Let op:"]
        lines += [line for caveat in metric.caveats_nl for line in _wrap(f"- {caveat}", "  ")]
    return "\n".join(lines) + "\n"


def theme_page(theme: Theme, catalogue: Catalogue) -> str:
    """The Markdown page of a theme."""
    lines = [_MADE, "", f"# {theme.letter} · {theme.label_nl}", "", theme.intro_nl, ""]
    lines += ["| code | sleutel | naam | eenheid |", "|---|---|---|---|"]
    lines += [
        f"| {m.code} | [`{m.key}`](#{m.key}) | {m.label_nl} | {catalogue.vocabulary.units[m.unit].label_nl} |"
        for m in theme.metrics
    ]
    for metric in theme.metrics:
        lines += ["", *_section(metric, catalogue)]
    lines += ["", "## Gespreksvragen", "", *(f"- {question}" for question in theme.questions_nl)]
    return "\n".join(lines) + "\n"


def index_page(catalogue: Catalogue) -> str:
    """The Markdown page that leads to the themes and explains the words they use."""
    vocabulary, texts = catalogue.vocabulary, catalogue.texts
    lines = [_MADE, "", "# Cijfers van zorgdata", ""]
    lines += [f"{sum(len(t.metrics) for t in catalogue.themes)} cijfers in {len(catalogue.themes)} thema's."]
    lines += ["", "| thema | cijfers |", "|---|---|"]
    lines += [f"| [{t.letter} · {t.label_nl}]({page_name(t)}) | {len(t.metrics)} |" for t in catalogue.themes]
    lines += ["", "## Leeswijzer", "", *(f"- {text}" for text in texts.reading_guide)]
    lines += ["", "## Begrippen", "", "| begrip | betekenis |", "|---|---|"]
    lines += [f"| {term} | {text} |" for term, text in texts.terms.items()]
    lines += ["", "## Varianten", ""]
    lines += ["Een variant krijgt een achtervoegsel achter de sleutel, in deze volgorde."]
    lines += ["Bij een verplichte groep bestaat het cijfer alleen met achtervoegsel.", ""]
    lines += ["| achtervoegsel | naam | betekenis | verplicht |", "|---|---|---|---|"]
    for group, word in vocabulary.variant_groups.items():
        for variant in (v for v in vocabulary.variants.values() if v.group == group):
            needed = "ja" if word.required else "nee"
            lines.append(f"| `_{variant.suffix}` | {variant.label_nl} | {variant.note_nl} | {needed} |")
    lines += ["", "## Wat er getoond mag worden", "", "| klasse | regel |", "|---|---|"]
    classes = vocabulary.disclosures.items()
    lines += [f"| {word.label_nl} (`{key}`) | {word.text_nl} |" for key, word in classes]
    lines += ["", "## Waar een definitie vandaan komt", "", "| stand | betekenis |", "|---|---|"]
    lines += [f"| {word.label_nl} | {word.text_nl} |" for word in vocabulary.statuses.values()]
    lines += ["", "## Bronnen van definities", "", *(f"- {source}" for source in texts.sources_nl)]
    return "\n".join(lines) + "\n"


def coverage_page(catalogue: Catalogue) -> str:
    """The Markdown page that shows for every requirement where it is answered."""
    names = ("ZON-aanpak", "Samenspel onderwijs en zorg", "Zorg intensief", "Data in beeld", "Onderwijszorg")
    counts = {state: sum(r.state is state for r in catalogue.requirements) for state in State}
    total = ", ".join(f"{count} {_STATES[state]}" for state, count in counts.items())
    lines = [_MADE, "", "# Wat de brondocumenten vragen", ""]
    lines += [f"{len(catalogue.requirements)} vragen: {total}.", ""]
    lines += ["De stand zegt hoe een vraag een antwoord krijgt: met een cijfer, uit het programmaregister,"]
    lines += ["op een pagina van een rapport, of nog niet."]
    for chapter, name in enumerate(names):
        lines += ["", f"## {chapter} · {name}", "", "| nr | vraag | stand | waar |", "|---|---|---|---|"]
        for requirement in (r for r in catalogue.requirements if r.number.startswith(f"{chapter}.")):
            where = "<br>".join(_places(requirement, catalogue))
            lines.append(
                f"| {requirement.number} | {requirement.text_nl} | {_STATES[requirement.state]} | {where} |"
            )
    return "\n".join(lines) + "\n"


def pages(catalogue: Catalogue | None = None) -> dict[str, str]:
    """Every generated page by its path in the repository."""
    known = catalogue or load()
    made = {f"docs/reference/metrics/{page_name(t)}": theme_page(t, known) for t in known.themes}
    made["docs/reference/metrics/index.md"] = index_page(known)
    made["docs/seeds.md"] = coverage_page(known)
    return made


def page_name(theme: Theme) -> str:
    """File name of a theme's page."""
    return f"{theme.letter.lower()}_{theme.key}.md"


def write(root: Path) -> list[Path]:
    """Write every page under ``root``; removes theme pages that no longer exist."""
    made = pages()
    for old in (root / "docs" / "reference" / "metrics").glob("*.md"):
        if str(old.relative_to(root)) not in made:
            old.unlink()
    for name, text in made.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return [root / name for name in made]


def _section(metric: Metric, catalogue: Catalogue) -> Iterator[str]:
    yield f'<a id="{metric.key}"></a>'
    yield f"## {metric.code} · {metric.label_nl}"
    yield ""
    yield f"*{metric.short_nl}*"
    yield ""
    yield metric.definition_nl
    yield ""
    yield "| | |"
    yield "|---|---|"
    yield f"| sleutel | `{metric.key}` ({metric.label_en}) |"
    for name, text in facts(metric, catalogue):
        yield f"| {name[0].lower() + name[1:]} | {text.replace('|', '/')} |"
    variants = [m for m in catalogue.family(metric.key) if m.applied]
    if variants:
        yield ""
        yield "Varianten:" if metric.key in catalogue else "Alleen met een achtervoegsel:"
        yield ""
        for variant in variants:
            changed = f" {variant.definition_nl}" if _redefined(variant) else ""
            yield f"- `{variant.key}`: {applied(variant)}.{changed}"
    if metric.caveats_nl:
        yield ""
        yield "Let op:"
        yield ""
        yield from (f"- {caveat}" for caveat in metric.caveats_nl)


def _redefined(metric: Metric) -> bool:
    return any(v.definition_nl is not None for v in metric.applied) and len(metric.applied) == 1


def applied(metric: Metric) -> str:
    """What a variant adds to its metric, in Dutch."""
    return ", ".join(v.label_nl for v in metric.applied) or "zonder toevoeging"


def facts(metric: Metric, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Everything a reference says of a metric besides its definition: Dutch name and text."""
    words = catalogue.vocabulary
    yield "Formule", metric.formula
    yield "Teller", metric.numerator
    if metric.denominator:
        yield "Noemer", metric.denominator
    yield "Eenheid", _unit(metric, catalogue)
    yield "Richting", words.directions[metric.direction].label_nl
    yield "Niveaus", _join(words.levels[level].label_nl for level in metric.levels)
    if metric.dimensions:
        yield "Uitsplitsingen", _join(words.dimensions[name].label_nl for name in metric.dimensions)
    yield "Perioden", _join(words.periods[name].label_nl for name in metric.periods)
    minimum = _minimum(metric)
    if minimum:
        yield "Nodig", minimum
    yield "Invoer", _inputs(metric, catalogue)
    if metric.interval != "none":
        yield "Onzekerheid", words.intervals[metric.interval].label_nl
    yield "Herkomst", f"{words.statuses[metric.status].label_nl}. {metric.origin}"
    yield "Tonen", f"{words.disclosures[metric.disclosure].label_nl}. {_shown(metric, catalogue)}"
    if metric.parameters:
        yield "Instelbaar of ter vergelijking", _parameters(metric)
    columns = dict.fromkeys((metric.column, metric.numerator_column, metric.denominator_column))
    if any(columns):
        yield "Kolommen", _join(c.replace("{gap}", "g0 of g28") for c in columns if c)
    if metric.seeds:
        yield "Gevraagd in", _join(metric.seeds)


def _unit(metric: Metric, catalogue: Catalogue) -> str:
    label = catalogue.vocabulary.units[metric.unit].label_nl
    if metric.unit is Unit.SHARE:
        return f"{label}, bewaard als getal van 0 tot en met 1"
    return label


def _minimum(metric: Metric) -> str:
    needs = metric.minimum
    parts = []
    if needs.note_nl:
        parts.append(needs.note_nl[0].lower() + needs.note_nl[1:].rstrip("."))
    elif needs.history_years:
        parts.append(f"{needs.history_years:g} jaar geschiedenis".replace(".", ","))
    if needs.school_years and not needs.note_nl:
        parts.append(f"{needs.school_years} tellingen op 1 oktober na elkaar")
    if needs.follow_up_days and not needs.note_nl:
        parts.append(f"{needs.follow_up_days} dagen aan gegevens na de gebeurtenis")
    if needs.denominator > 1 and not needs.note_nl:
        parts.append(f"een noemer van {needs.denominator}")
    return "; ".join(parts)


def _inputs(metric: Metric, catalogue: Catalogue) -> str:
    names = [
        " of ".join(catalogue.vocabulary.sources[kind].label_nl for kind in source.split("|"))
        for source in metric.sources
    ]
    if not names:
        return "alleen gegevens over de verwerking zelf"
    columns = f" (kolommen {_join(metric.columns)})" if metric.columns else ""
    return _join(names) + columns


def _shown(metric: Metric, catalogue: Catalogue) -> str:
    text = catalogue.vocabulary.disclosures[metric.disclosure].text_nl
    if metric.quantile:
        text += " Een mediaan of percentiel staat er alleen voor grote groepen, vanaf vijftig kinderen."
    if metric.shadow_of:
        text += f" Volgt {metric.shadow_of}."
    return text


def _parameters(metric: Metric) -> str:
    def shown(value: object) -> str:
        if isinstance(value, dict):
            return ", ".join(f"{name} {shown(inner)}" for name, inner in value.items())
        if isinstance(value, list):
            return "; ".join(shown(inner) for inner in value)
        if isinstance(value, bool):
            return "ja" if value else "nee"
        return f"{value:g}".replace(".", ",") if isinstance(value, float) else str(value)

    return "; ".join(f"{name} = {shown(value)}" for name, value in metric.parameters.items())


def _places(requirement: Requirement, catalogue: Catalogue) -> Iterator[str]:
    if requirement.metrics:
        links = (
            f"[`{key}`](reference/metrics/{page_name(catalogue.theme(catalogue.metric(key).theme))}#{key})"
            for key in requirement.metrics
        )
        yield f"cijfers: {', '.join(links)}"
    if requirement.pages:
        yield f"rapporten: {_join(catalogue.vocabulary.pages[name].label_nl for name in requirement.pages)}"
    if requirement.tables:
        yield f"tabellen: {', '.join(f'`{table}`' for table in requirement.tables)}"
    if requirement.note_nl:
        yield requirement.note_nl


def _join(words: Iterable[str]) -> str:
    return ", ".join(words)


def _wrap(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH, subsequent_indent=indent, break_on_hyphens=False)


if __name__ == "__main__":
    write(Path(__file__).resolve().parents[2])
