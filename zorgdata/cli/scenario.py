"""The command ``zorgdata scenario``: costs and benefits on the region's own figures."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zorgdata.cli.terminal import Format, FormatOption, Terminal, command

if TYPE_CHECKING:
    from zorgdata.scenario import ScenarioResult

UNPROTECTED = "From exact figures, not protected against disclosure: for analysts, not for publication."
_TORNADO = 8


def register(app: typer.Typer) -> None:
    """Add this command to the program."""
    command(app, "scenario", help="Cost-benefit scenario on the region's own figures.")(scenario)


def scenario(
    terminal: Terminal,
    name: Annotated[
        str | None,
        typer.Argument(help="zon, ozg, collectief or a .toml file; without it they are listed."),
    ] = None,
    unit: Annotated[str | None, typer.Option(help="School (BRIN6) or municipality; default: region.")] = None,
    period: Annotated[str | None, typer.Option(help="School year or reference date of the figures.")] = None,
    prices: Annotated[Path | None, typer.Option(help="Own price list.", metavar="FILE")] = None,
    quantities: Annotated[Path | None, typer.Option(help="Numbers by hand.", metavar="FILE")] = None,
    draws: Annotated[int, typer.Option(min=100, max=1_000_000, help="Draws of the simulation.")] = 10_000,
    seed: Annotated[int | None, typer.Option(help="Start of the draws; fixed by default.")] = None,
    format_: FormatOption = Format.TABLE,
) -> None:
    """Yearly balance, present value, who pays, what it hangs on, and a published claim put to the test.

    With --format csv, json or parquet the lines; with --json everything.
    """
    import pyarrow as pa

    from zorgdata.pipeline.scenario import calculate_scenario, list_scenarios
    from zorgdata.scenario.sensitivity import SEED

    if name is None:
        terminal.rows(pa.Table.from_pylist(list_scenarios()), format_)
        return
    found = calculate_scenario(
        terminal.workspace(),
        name,
        unit=unit,
        period=period,
        prices=prices,
        quantities=quantities,
        draws=draws,
        seed=SEED if seed is None else seed,
    )
    terminal.say(UNPROTECTED)
    if format_ is not Format.TABLE:
        terminal.rows(pa.Table.from_pylist(line_rows(found)), format_)
        return
    from dataclasses import asdict

    terminal.result({**asdict(found), "protected": False}, as_text(found))


def line_rows(found: "ScenarioResult") -> list[dict[str, Any]]:
    """One row per line of the scenario, amounts in euros a year at full effect, unrounded."""
    return [
        {
            "scenario": found.name,
            "line": lever.key,
            "label": lever.label,
            "kind": lever.kind,
            "status": lever.status,
            "reason": lever.reason or None,
            "quantity": lever.quantity.value if lever.quantity else None,
            "quantity_unit": lever.quantity_unit,
            "quantity_origin": lever.quantity.origin if lever.quantity else None,
            "quantity_period": lever.quantity.period if lever.quantity else None,
            "effect_low": lever.effect.low,
            "effect_mid": lever.effect.mid,
            "effect_high": lever.effect.high,
            "effect_status": lever.effect_status,
            "price": lever.price.value if lever.price else None,
            "price_year": lever.price.price_year if lever.price else None,
            "price_status": lever.price.status if lever.price else None,
            "yearly_low": lever.yearly.low if lever.yearly else None,
            "yearly_mid": lever.yearly.mid if lever.yearly else None,
            "yearly_high": lever.yearly.high if lever.yearly else None,
        }
        for lever in found.levers
    ]


def as_text(found: "ScenarioResult") -> str:
    """The scenario as an analyst reads it in a terminal; amounts rounded, always with their range."""
    from zorgdata.scenario.present import bandwidth, money, plain, ratio_band

    lines = [f"{found.title} ({found.status})", found.summary, f"Without it: {found.null_alternative}", ""]
    if found.yearly is None or found.npv is None:
        lines.append("Not computable: nothing was delivered for any line.")
    elif found.one_sided:
        lines.append("No balance: only costs or only benefits are known. See what is missing.")
    else:
        lines.append(
            f"Balance a year at full effect: {bandwidth(found.yearly)}, middle {money(found.yearly.mid)}"
        )
        lines.append(
            f"Present value over {found.horizon} years at {100 * found.rate:g} %: {bandwidth(found.npv)}, "
            f"middle {money(found.npv.mid)}"
        )
        if found.simulation:
            s = found.simulation
            lines.append(
                f"  {s.draws} draws (seed {s.seed}): 90 % between {money(s.p5)} and {money(s.p95)}, "
                f"positive in {100 * s.share_positive:.0f} %"
            )
        if found.bcr is not None:
            lines.append(f"Benefits per euro of cost: {ratio_band(found.bcr)}")
        if found.cash_two_years is not None:
            lines.append(f"Cash after two years: {money(found.cash_two_years)}")
    if found.missing:
        lines += ["", "Not complete. Missing:", *(f"  {item}" for item in found.missing)]
    lines += ["", "Lines, euro a year at full effect:"]
    for lever in found.levers:
        amount = bandwidth(lever.yearly) if lever.yearly else lever.reason
        price = f", {lever.price.status} {lever.price.price_year}" if lever.price else ""
        exposed = f"{plain(lever.quantity.value)} {lever.quantity_unit}" if lever.quantity else "?"
        lines.append(f"  {lever.label}: {amount}  [{exposed}; effect {lever.effect_status}{price}]")
    if found.actors and not found.one_sided:
        lines += ["", "Per party, a year and in present value (transfers cancel):"]
        lines += [f"  {a.label}: {money(a.yearly)}; {money(a.present_value)}" for a in found.actors]
        total = sum(a.yearly for a in found.actors)
        lines.append(f"  together: {money(total)}; {money(sum(a.present_value for a in found.actors))}")
    if found.tornado and not found.one_sided:
        lines += ["", "What the present value hangs on:"]
        lines += [
            f"  {bar.label} ({bar.kind}): {money(bar.at_low)} to {money(bar.at_high)}"
            for bar in found.tornado[:_TORNADO]
        ]
    if found.break_even and not found.one_sided:
        lines += ["", "Break-even: effect at which the balance is 0, all else in the middle:"]
        lines += [f"  {_needed(item)}" for item in found.break_even]
    lines += _claims(found)
    if found.unpriced:
        lines += ["", "Without a price (pm):", *(f"  {p.sign} {p.label}: {p.reason}" for p in found.unpriced)]
    if found.assumptions:
        lines += ["", "Assumed:", *(f"  {a.kind}: {a.label}: {a.text}" for a in found.assumptions)]
    lines += ["", f"Price list {found.price_version}, levels of {', '.join(map(str, found.price_years))}."]
    return "\n".join(lines)


def _claims(found: "ScenarioResult") -> list[str]:
    from zorgdata.scenario.present import money, plain

    lines: list[str] = []
    for claim in found.claims:
        lines += [
            "",
            f"Claim, tested and not adopted: {claim.label}, € {plain(claim.claim)} ({claim.reading})",
        ]
        lines.append(f"  {claim.note} Source: {claim.source}")
        if claim.target is None or claim.computed is None:
            lines.append("  This reading needs a quantity that is missing.")
            continue
        lines.append(f"  In this reading {money(claim.target)} a year; computed: {money(claim.computed)}")
        lines += [f"  needed: {_needed(item)}" for item in claim.needed if item.reachable]
        if not any(item.reachable for item in claim.needed):
            lines.append("  No single line can reach it.")
    if found.claims:
        first = found.claims[0]
        lines.append(
            "  As much as: " + "; ".join(f"{times:.2f} × {label}" for label, times in first.equivalents)
        )
    return lines


def _needed(item: Any) -> str:
    from zorgdata.scenario.present import plain

    if item.effect_needed is None:
        return f"{item.label}: does not move the balance"
    text = f"{item.label}: {plain(item.effect_needed)} instead of {plain(item.effect_mid)}"
    return text if item.reachable else f"{text} (out of reach)"
