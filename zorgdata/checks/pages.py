"""A Markdown page per check, made from its header: how to read a failure and what to do."""

from pathlib import Path

from zorgdata.checks.definition import Check, load_checks

_NOTICE = "<!-- Made from sql/checks by zorgdata.checks.write_check_pages; change the header there. -->\n"
_INTRODUCTION = """\
# Data-quality checks

Every check is one file in `sql/checks`: a header and the select that returns the offending rows (keys only).
Its status is, in this order of precedence:

- **error**: the check could not look;
- **not applicable**: nothing was delivered that it could look at, which is not the same as passed;
- **failed**: more rows than the threshold allows;
- **passed**.

A check of severity *error* stops the publication.
"""


def write_check_pages(folder: Path, root: Path | None = None) -> list[Path]:
    """Write a page per check and ``README.md`` with the list; remove pages of checks that are gone.

    Returns the paths written, in order of name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pages = check_pages(root)
    for stale in folder.glob("*.md"):
        if stale.name not in pages:
            stale.unlink()
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in pages]


def check_pages(root: Path | None = None) -> dict[str, str]:
    """Text of every page by file name."""
    checks = load_checks(root)
    pages = {f"{check.name}.md": _page(check) for check in checks}
    rows = "\n".join(
        f"| [{check.name}]({check.name}.md) | {check.label} | {check.severity} | {check.family} |"
        for check in checks
    )
    table = f"| check | in reports | severity | family |\n|---|---|---|---|\n{rows}\n"
    pages["README.md"] = f"{_NOTICE}{_INTRODUCTION}\n{table}"
    return dict(sorted(pages.items()))


def _page(check: Check) -> str:
    facts = {
        "Severity": str(check.severity),
        "Family": str(check.family),
        "Threshold": _threshold(check),
        "Out of": f"rows of `{check.total}`"
        if " " not in check.total.strip()
        else f"`{' '.join(check.total.split())}`",
        "Not applicable without": ", ".join(f"`{name}`" for name in check.needs),
        "Makes unreliable": ", ".join(f"`{name}`" for name in check.affects) or "no figure",
        "Asked for in": ", ".join(check.seeds) or "-",
        "SQL": f"`sql/checks/{check.path.name}`",
    }
    if check.parameters:
        facts["Parameters"] = ", ".join(f"`{name}` = {value:g}" for name, value in check.parameters.items())
    lines = "\n".join(f"| {name} | {' '.join(text.split())} |" for name, text in facts.items())
    columns = "\n".join(f"| `{name}` | {text} |" for name, text in check.columns.items())
    return (
        f"{_NOTICE}# {check.name}\n\n{check.description}.\n\n| | |\n|---|---|\n{lines}\n\n"
        f"## Hoe te lezen: {check.label}\n\n{check.how_to_read}\n\n"
        f"## Rows it returns\n\n| column | meaning |\n|---|---|\n{columns}\n"
    )


def _threshold(check: Check) -> str:
    if check.threshold.unit == "share":
        return f"more than {100 * check.threshold.value:g} % of the total fails"
    counted = f"the sum of `{check.count}`" if check.count else "rows"
    return f"more than {check.threshold.value:g} fails ({counted})"
