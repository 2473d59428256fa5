"""The command ``zorgdata effect``: what an initiative did, with everything that makes one careful."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from zorgdata.cli.terminal import Format, FormatOption, Terminal, command

if TYPE_CHECKING:
    from zorgdata.pipeline.effect import Effect

UNPROTECTED = "Not protected against disclosure: for analysts, not for publication."

_VERDICTS = {
    "no_comparison": "There are no comparable schools: only the development is shown.",
    "too_few_schools": "Too few schools for a test: the estimate is shown with its rank only.",
    "within_chance": "No effect shown: the difference lies within chance.",
    "may_be_registration": "No effect shown: care may have left the registration.",
    "may_be_return_to_the_mean": "No effect shown: it is no more than a return to the mean.",
    "earlier_trend": "No effect shown: the schools already moved apart before the start.",
    "indication": "An indication of an effect. Not a proof.",
}


def register(app: typer.Typer) -> None:
    """Add this command to the program."""
    command(app, "effect", help="Effect of an initiative beside comparable schools.")(effect)


def effect(
    terminal: Terminal,
    initiative: Annotated[
        str | None, typer.Argument(help="Id of the initiative; without it they are listed.")
    ] = None,
    metric: Annotated[
        str | None, typer.Option(help="Figure to study; default: what the initiative aims at.")
    ] = None,
    quarter: Annotated[
        bool, typer.Option("--quarter", help="Care days per enrolled day, by quarter.")
    ] = False,
    trial: Annotated[
        int | None,
        typer.Option(min=20, max=1000, help="Try the method this often on a region with a known truth."),
    ] = None,
    format_: FormatOption = Format.TABLE,
) -> None:
    """Series, comparison with like schools, group-time estimate, return to the mean, registration.

    Exact figures, not protected. With --format csv, json or parquet the series; with --json everything.
    --trial needs no workspace: in a synthetic region nothing happens, schools are chosen at their worst,
    care is truly prevented, or care leaves the registration; it counts what the method then says.
    """
    import pyarrow as pa

    from zorgdata.pipeline.effect import effect_of, list_initiatives

    if trial is not None:
        terminal.rows(pa.Table.from_pylist(_trials(terminal, trial)), format_)
        return
    if initiative is None:
        terminal.rows(pa.Table.from_pylist(list_initiatives(terminal.workspace())), format_)
        return
    found = effect_of(terminal.workspace(), initiative, metric, quarters=quarter)
    terminal.say(UNPROTECTED)
    if found.asked:
        terminal.say(
            f"The initiative aims at '{found.asked}', not known per school: '{found.metric}' instead."
        )
    if format_ is not Format.TABLE:
        terminal.rows(pa.Table.from_pylist(series_rows(found)), format_)
        return
    terminal.result(as_dict(found), as_text(found))


def _trials(terminal: Terminal, seeds: int) -> list[dict[str, Any]]:
    from zorgdata.pipeline.effect_trial import KINDS, synthetic_region, trial

    with terminal.progress("trying") as tick:
        region = synthetic_region()
        rows = []
        for done, kind in enumerate(KINDS):
            tick(done, len(KINDS), kind)
            rows.append(trial(region, kind, seeds).row())
    return rows


def as_dict(found: "Effect") -> dict[str, Any]:
    """Everything as plain values."""
    from dataclasses import asdict

    study = found.study
    summary = asdict(found)
    summary["protected"] = False
    summary["verdict_text"] = _VERDICTS[study.verdict.value]
    if study.effects is not None:
        summary["study"]["effects"]["by_cohort"] = {
            study.periods[int(g)]: asdict(e) for g, e in study.effects.by_cohort.items()
        }
        for cell, own in zip(summary["study"]["effects"]["cells"], study.effects.cells, strict=True):
            cell["cohort"], cell["period"] = study.periods[int(own.cohort)], study.periods[int(own.period)]
    summary["study"]["registration"]["possible"] = study.registration.possible
    return summary


def series_rows(found: "Effect") -> list[dict[str, Any]]:
    """One row per period and group: the initiative's schools together, each of them, the comparison."""
    study = found.study
    rows = []
    for index, point in enumerate(study.series):
        for group, pooled in (("initiative", point.initiative), ("comparison", point.comparison)):
            rows.append(
                {
                    "initiative_id": found.initiative_id,
                    "metric": found.metric,
                    "period": point.period,
                    "running": point.running,
                    "group": group,
                    "school_id": None,
                    "schools": pooled.schools,
                    "value": pooled.estimate.value,
                    "lower": pooled.estimate.lower,
                    "upper": pooled.estimate.upper,
                    "numerator": pooled.numerator,
                    "denominator": pooled.denominator,
                }
            )
        for school_id, values in study.per_school.items():
            rows.append(
                {
                    **rows[-1],
                    "group": "school",
                    "school_id": school_id,
                    "schools": 1,
                    "value": values[index],
                    "lower": None,
                    "upper": None,
                    "numerator": None,
                    "denominator": None,
                }
            )
    return rows


def as_text(found: "Effect") -> str:
    """The study as an analyst reads it in a terminal; cautions in Dutch, word for word as in reports."""
    study = found.study
    lines = [
        f"{found.initiative_id} {found.name} ({found.kind}, {found.phase}), from {found.start.isoformat()}, "
        f"{found.schools} schools",
        f"{found.metric}: {found.label} [{', '.join(study.notes)}]",
        "",
        *_series(found),
        "",
    ]
    lines += _estimate(found)
    lines += _return(found)
    lines += _registration(found)
    if found.target_value is not None:
        lines.append(f"Target of the initiative: {found.target_value:g}")
    lines += ["", _VERDICTS[study.verdict.value]]
    return "\n".join(lines)


def _number(value: float | None) -> str:
    return "." if value is None else f"{value:.4f}"


def _between(estimate: Any) -> str:
    if estimate.value is None:
        return "."
    if estimate.lower is None or estimate.upper is None:
        return f"{estimate.value:+.4f}"
    return f"{estimate.value:+.4f} ({estimate.lower:+.4f} to {estimate.upper:+.4f})"


def _series(found: "Effect") -> list[str]:
    study = found.study
    how = {"type_and_class": "same type and class", "type": "same type", "none": "none"}[study.comparable]
    lines = [f"{'period':<12}{'initiative':>34}   {'comparison (' + how + ')':>34}"]
    started = False
    for point in study.series:
        if point.running and not started:
            lines.append("-- start " + "-" * 74)
            started = True
        cells = []
        for pooled in (point.initiative, point.comparison):
            e = pooled.estimate
            text = _number(e.value)
            if e.lower is not None:
                text += f" ({_number(e.lower)}-{_number(e.upper)})"
            if pooled.denominator is not None:
                text += f" /{pooled.denominator:g}"
            cells.append(f"{text:>34}")
        lines.append(f"{point.period:<12}{cells[0]}   {cells[1]}")
    counts = f"{study.series[-1].initiative.schools} and {study.series[-1].comparison.schools} schools"
    left = f"; {study.left_out} left out for want of a period" if study.left_out else ""
    return [*lines, f"{counts}{left}"]


def _estimate(found: "Effect") -> list[str]:
    study = found.study
    lines = []
    if study.effects is not None:
        e = study.effects
        lines += [
            f"Group-time estimate: {_between(e.cohort_average)}"
            + (", 95 % interval by drawing schools" if e.testable else ""),
            f"  all cells weighted: {_between(e.simple)}",
            f"  rank {e.rank.rank} of {e.rank.assignments} when the start is drawn by lot "
            f"(share at least as large: {e.rank.share:.3f})",
            *_events(e),
        ]
        if study.second is not None:
            lines.append(
                f"  other methods: imputation {_number(study.second.imputation)}; two-way fixed effects "
                f"{_number(study.second.two_way)} (a warning, not a result)"
            )
    if study.interrupted is not None:
        s = study.interrupted
        lines.append(
            f"Interrupted series ({s.method}), {s.before} periods before and {s.after} after: {s.status}"
        )
        for name, part in (("level", s.level_change), ("trend", s.trend_change)):
            if part is not None:
                lines.append(f"  change of {name}: {_between(part)}" + (" (ratio)" if s.dispersion else ""))
        if s.dispersion is not None:
            lines.append(f"  dispersion {s.dispersion:.2f}: standard errors x {s.dispersion**0.5:.2f}")
    return lines


def _events(effects: Any) -> list[str]:
    """Effect by periods since the start, four on a line; before the start it should lie around 0."""
    parts = [f"{v.since:+d}: {_between(v.estimate)}" for v in effects.event_study]
    lines = [", ".join(parts[i : i + 4]) for i in range(0, len(parts), 4)]
    return ["  periods since the start: " + lines[0], *("    " + line for line in lines[1:])]


def _return(found: "Effect") -> list[str]:
    back = found.study.returned
    if back is None:
        return ["Return to the mean: unknown, it takes two periods before the start and three schools."]
    return [
        f"Observed change: {back.observed:+.4f}; expected return to the mean without any effect: "
        f"{back.expected:+.4f} (beside the comparison schools {back.net:+.4f})",
    ]


def _registration(found: "Effect") -> list[str]:
    registration = found.study.registration
    if not registration.delivered:
        return ["Collective supply was not delivered: daling kan registratie zijn."]
    if not registration.supplied:
        return ["No collective supply is reported at these schools."]
    lines = ["Hours a week by indication + collective:"]
    for period, individual, collective in registration.rows:
        both = (individual or 0) + (collective or 0)
        lines.append(f"  {period}: {_hours(individual)} + {_hours(collective)} = {_hours(both)}")
    return lines


def _hours(value: float | None) -> str:
    return "0" if value is None else f"{value:.0f}"
