"""The sentences of "In het kort": number, direction, comparison, with care for what is not known.

Every number in a sentence is a published cell or a count of schools. A sentence never subtracts from a
hidden figure, and a fall in provisional figures is called uncertain.
"""

from collections.abc import Sequence
from statistics import median_high

from zorgdata.disclosure.table import TOP_CODED, Cell
from zorgdata.report.cells import Change, heat_class, sentence_of
from zorgdata.report.dutch import count_word, number
from zorgdata.report.texts import Texts


def share_sentence(
    share: Cell,
    count: Cell,
    change: Change,
    texts: Texts,
    *,
    date: str,
    provisional: bool,
    one_school: bool = False,
    registration: bool = False,
) -> str:
    """How many pupils have care on the reference date, and whether that is more than a year earlier."""
    if share.hidden:
        return texts("brief.share_hidden", date=date)
    if not share.display:
        return ""
    return texts(
        "brief.share_school" if one_school else "brief.share",
        date=date,
        share=_spoken(share, texts),
        count=texts("brief.share_count", count=count.display) if count.shown else "",
        comparison=sentence_of(change, texts, provisional=provisional, registration=registration),
    ).strip()


def intensive_sentence(shares: Sequence[Cell], by_type: Sequence[tuple[str, Cell]], texts: Texts) -> str:
    """How many schools have a share of 40 % or more, among the schools whose share is shown."""
    known = [c for c in shares if heat_class(c)]
    if len(known) < 2:  # about one school the first sentence says it all
        return ""
    hidden = any(c.hidden for c in shares)
    count = sum(heat_class(c) >= 4 for c in known)
    if hidden:
        form = {0: "hidden_none", 1: "hidden_one"}.get(count, "hidden_some")
    elif count == len(known):
        form = "both" if count == 2 else "all"
    else:
        form = {0: "none", 1: "one"}.get(count, "some")
    parts = [
        texts(
            f"brief.intensive_{form}", count=count_word(count), total=len(known), known=count_word(len(known))
        )
    ]
    # The largest share may only be named when no type is hidden: a hidden one could be larger.
    if len(by_type) > 1 and all(c.shown or c.cell_status == TOP_CODED for _, c in by_type):
        ordered = sorted(by_type, key=lambda item: -(item[1].value or 0.0))
        if (ordered[0][1].value or 0.0) > (ordered[1][1].value or 0.0):
            name, cell = ordered[0]
            parts.append(texts("brief.intensive_highest", type=lower_first(name), share=_spoken(cell, texts)))
    return " ".join(parts)


def hours_sentence(
    hours: Cell, change: Change, texts: Texts, *, provisional: bool, registration: bool = False
) -> str:
    """The assigned hours per week, all schools together."""
    if hours.hidden:
        return texts("brief.hours_hidden")
    if not hours.shown:
        return ""
    comparison = sentence_of(change, texts, provisional=provisional, registration=registration)
    return texts("brief.hours", hours=hours.display, comparison=comparison).strip()


def providers_sentence(cells: Sequence[Cell], texts: Texts) -> str:
    """How far apart schools are in their number of providers; organisations, not children."""
    values = sorted(c.value for c in cells if c.shown and c.value is not None)
    if not values:
        return texts("brief.providers_hidden") if any(c.hidden for c in cells) else ""
    low, high = values[0], values[-1]
    if low == high:
        return texts("brief.providers_one" if low == 1 else "brief.providers_equal", low=number(low))
    # The upper median: at least half of the schools have this many or more.
    return texts("brief.providers", low=number(low), high=number(high), median=number(median_high(values)))


def value_sentence(
    key: str, cell: Cell, change: Change, texts: Texts, *, provisional: bool, registration: bool = False
) -> str:
    """A sentence with one figure and its comparison; empty when the figure is not shown."""
    if not cell.shown:
        return ""
    comparison = sentence_of(change, texts, provisional=provisional, registration=registration)
    return texts(key, value=cell.display, share=cell.display, comparison=comparison).strip()


def _spoken(cell: Cell, texts: Texts) -> str:
    """``> 90 %`` reads as ``meer dan 90 %`` in a sentence."""
    more = texts("general.more_than")
    return cell.display.replace(">\u00a0", f"{more} ").replace("> ", f"{more} ")


def lower_first(text: str) -> str:
    """First letter small, for a label inside a sentence."""
    return text[:1].lower() + text[1:]
