"""Commands about children without a shared number: how they were linked, how well, what a person says."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zorgdata.cli.terminal import Format, FormatOption, Terminal, command
from zorgdata.errors import UsageError

if TYPE_CHECKING:
    from zorgdata.pipeline.session import Session

_MEANING = {
    "bsn": "the delivery gave a BSN",
    "decided": "a person said who it is",
    "exact": "everything both sides know is equal",
    "probable": "the model finds it probable enough",
    "none": "not linked",
}


class By(StrEnum):
    """What rates are broken down by."""

    school = "school"
    municipality = "municipality"


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    group = typer.Typer(
        help="Children without a BSN: how they were linked, and how well.", no_args_is_help=True
    )
    command(group, "report", help="Children and records per way of linking.")(report)
    command(group, "rates", help="Linked and expected, per school or municipality.")(rates)
    command(group, "measure", help="Precision and recall, on pupils whose BSN is hidden for it.")(measure)
    command(group, "review", help="Write the doubtful pairs to a list for a person.")(review)
    command(group, "decide", help="Take over what a person decided.")(decide)
    app.add_typer(group, name="linkage")


def report(terminal: Terminal, format_: FormatOption = Format.TABLE) -> None:
    """How many children were linked in which way; unprotected, for analysts."""
    import pyarrow as pa

    from zorgdata.linkage import linkage_report
    from zorgdata.pipeline.session import open_session
    from zorgdata.pipeline.steps import link_children

    with open_session(terminal.workspace(), "linkage report") as session:
        _needs_codes(session)
        outcome = link_children(session)
        assert outcome is not None
        found = linkage_report(session.connection, outcome)
    total = sum(found.tiers.values())
    rows = [
        {
            "way": tier,
            "meaning": _MEANING[tier],
            "children": children,
            "share": round(children / total, 4) if total else None,
            "records": found.records[tier],
        }
        for tier, children in found.tiers.items()
    ]
    terminal.rows(pa.Table.from_pylist(rows), format_)
    terminal.say(f"{found.questions} pair(s) wait for a person: zorgdata linkage review FILE")
    if not found.used_splink and found.tiers["none"]:
        terminal.say("Only equality was used: mode is 'exact', or the extra 'linkage' is not installed.")
    if found.expected_precision is not None:
        terminal.say(
            f"The model itself expects {found.expected_precision:.1%} of its links to be right; "
            "zorgdata linkage measure tests that."
        )


def rates(
    terminal: Terminal,
    by: Annotated[By, typer.Option(help="school or municipality.")] = By.municipality,
    format_: FormatOption = Format.TABLE,
) -> None:
    """What is linked and what could be expected to be; unprotected, for analysts."""
    from zorgdata.linkage import rates_by_municipality, rates_by_school
    from zorgdata.pipeline.session import open_session

    with open_session(terminal.workspace(), "linkage rates") as session:
        count = rates_by_school if by is By.school else rates_by_municipality
        table = count(session.connection)
    terminal.say("Not protected against disclosure: for analysts, not for publication.")
    terminal.rows(table, format_)


def measure(
    terminal: Terminal,
    sample: Annotated[int, typer.Option(help="At most this many pupils.", min=1)] = 20_000,
) -> None:
    """Hide the BSN of pupils who have one, link them, and hold the outcome against it; nothing is stored."""
    from zorgdata.linkage import measure as measured
    from zorgdata.pipeline.session import open_session
    from zorgdata.pipeline.steps import link_options

    with open_session(terminal.workspace(), "linkage measure") as session:
        _needs_codes(session)
        found = measured(session.connection, link_options(session), sample)
    told = {
        name: "unknown" if value is None else f"{value:.2%}"
        for name, value in (("precision", found.precision), ("recall", found.recall))
    }
    terminal.result(
        found.__dict__,
        f"{found.children} pupils with a hidden BSN: {found.linked} linked to a child with care.\n"
        f"precision {told['precision']} (links that are right), "
        f"recall {told['recall']} (pupils with care that are found).",
    )


def review(
    terminal: Terminal, file: Annotated[Path, typer.Argument(help="List to write (CSV).", metavar="FILE")]
) -> None:
    """Write doubtful pairs: pseudonyms, what agrees, and where both records stand in the deliveries."""
    from zorgdata.linkage import write_review
    from zorgdata.pipeline.session import open_session

    if file.exists():
        raise UsageError(f"{file} exists already.", "Choose another name; answers may be in it.")
    with open_session(terminal.workspace(), "linkage review") as session:
        pairs = write_review(session.connection, file)
    terminal.result(
        {"pairs": pairs, "file": str(file)},
        f"{pairs} pair(s) written to {file}. Fill in column zelfde (j or n), then: zorgdata linkage decide",
    )


def decide(
    terminal: Terminal, file: Annotated[Path, typer.Argument(help="The list, filled in.", metavar="FILE")]
) -> None:
    """Take over decisions; they win over every model, and build gives the figures that follow."""
    from zorgdata.linkage import read_decisions
    from zorgdata.pipeline.session import open_session
    from zorgdata.pipeline.steps import link_children

    with open_session(terminal.workspace(), "linkage decide") as session:
        decisions = read_decisions(session.connection, file)
        if decisions:
            link_children(session)
    terminal.result({"decisions": decisions}, f"{decisions} decision(s) taken over. Next: zorgdata build")


def _needs_codes(session: "Session") -> None:
    """Without codes nothing can be compared; that is a choice of the settings."""
    if session.workspace.settings.linkage.mode == "number":
        raise UsageError(
            "Nothing is kept for linkage: [linkage] mode is 'number'.",
            "Set it to 'exact' or 'probable' and deliver again; see docs/linkage.md.",
        )
