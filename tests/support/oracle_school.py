"""A second, slow implementation of population, use and fragmentation: child by child and day by day.

Like :mod:`tests.support.oracle` it shares nothing with the SQL and is only fit for small data. Every figure
is worked out from the raw rows by the words of the catalogue.
"""

from datetime import date, timedelta

from tests.support.figures import Figure
from tests.support.oracle_school_date import OnDate
from tests.support.oracle_school_period import OverTime
from tests.support.school_town import Key


class SchoolOracle(OnDate, OverTime):
    """All figures of a region."""

    def figures(self) -> dict[Key, Figure]:
        """Every figure by (metric, level, unit, period, day, dimension, part)."""
        made: dict[Key, Figure] = {}
        for day in self.days:
            period = school_year(day)
            for (level, unit), schools in self.units.items():
                if self.pupils(schools, day):
                    for (metric, dimension, part), figure in self.on_date(level, schools, day):
                        made[metric, level, unit, period, day, dimension, part] = figure
            for (metric, level, unit, dimension, part), figure in self.sliced(day):
                made[metric, level, unit, period, day, dimension, part] = figure
        for kind, name, first, last in self.periods:
            window = [first + timedelta(days=n) for n in range((last - first).days + 1)]
            for (metric, level, unit), figure in self.in_period(kind, window):
                made[metric, level, unit, name, None, "", ""] = figure
        made.update(self.flows())
        return made


def school_year(day: date) -> str:
    start = day.year if day.month >= 8 else day.year - 1
    return f"{start}-{start + 1}"
