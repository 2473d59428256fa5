"""Reports: protected figures into pages that people want to read.

``render(kind, query, audience=..., as_of=...)`` gives the files of a report. Importing this package loads
Jinja2 and the statistics; charts load Altair only when one is drawn.
"""

from zorgdata.report.kinds import KINDS, render
from zorgdata.report.model import ReportInputs
from zorgdata.report.page import Style, load_style
from zorgdata.report.reading import Query, read_earlier, read_inputs
from zorgdata.report.snapshot import render_snapshot

__all__ = [
    "KINDS",
    "Query",
    "ReportInputs",
    "Style",
    "load_style",
    "read_earlier",
    "read_inputs",
    "render",
    "render_snapshot",
]
