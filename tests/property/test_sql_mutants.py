"""Would the tests notice a slip of the pen in the SQL? Some faults of the models behind METRICS 10.

The whole score, over all models and all tests, is made by ``python -m tests.support.mutation``.
"""

import pytest

from tests.support.court import section_10
from tests.support.mutants import mutants
from tests.support.mutation import EQUIVALENT, reasons, why_none
from tests.support.warehouse import models

pytestmark = pytest.mark.slow

MUTATED = (
    "core.municipality_spell",
    "core.provider_spell",
    "core.provider_start",
    "core.indication_start",
    "core.indication_end",
    "core.attendance_spell",
    "core.attended_care",
    "core.attended_segment",
    "metrics.child_provider",
    "metrics.child_care",
    "metrics.school_provider_day",
    "metrics.unit_date",
    "metrics.unit_date_provider",
    "metrics.unit_date_municipality",
    "metrics.unit_event",
    "metrics.unit_municipality",
    "metrics.unit",
)


def test_nine_of_ten_faults_show() -> None:
    judge = section_10(12)
    tried = shown = 0
    silent = []
    for name in MUTATED:
        if name not in models():
            continue
        for mutant in mutants(models()[name], 8):
            if judge.convicts(mutant):
                tried, shown = tried + 1, shown + 1
            elif not why_none(name, mutant.fault):
                tried += 1
                silent.append(f"{name}: {mutant.fault}")
    assert tried > 80
    assert shown >= 0.9 * tried, "\n".join(silent)


def test_reasons_name_models_and_say_why() -> None:
    """A reason for a model that is gone would excuse a fault of another by accident."""
    assert EQUIVALENT.exists()
    for model, _, why in reasons():
        assert why.strip()
        assert any(model.fullmatch(name) for name in models().by_name), model.pattern
