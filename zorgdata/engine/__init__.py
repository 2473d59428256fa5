"""SQL models: read, order, build what changed, explain.

``load_models(root)`` reads the files, ``plan`` says what a build would do, ``build`` does it. ``lint`` holds
the house rules. Lineage and generated docs are in ``zorgdata.engine.lineage`` and ``zorgdata.engine.docs``,
apart because they need libraries that a nightly run does not.
"""

from zorgdata.engine.lint import Problem, lint
from zorgdata.engine.model import Function, Model, Models, load_models
from zorgdata.engine.plan import Step
from zorgdata.engine.run import BuildResult, ModelFailedError, ModelResult, Progress, build, plan
from zorgdata.engine.selection import select_models

__all__ = [
    "BuildResult",
    "Function",
    "Model",
    "ModelFailedError",
    "ModelResult",
    "Models",
    "Problem",
    "Progress",
    "Step",
    "build",
    "lint",
    "load_models",
    "plan",
    "select_models",
]
