"""Quantities that follow from others: classes, extra classes, youth workers.

Each function takes numbers or arrays, so that it also serves the simulation.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Value: TypeAlias = float | npt.NDArray[np.float64]


def classes(pupils: Value, class_size: Value) -> Value:
    """Number of classes for ``pupils`` at ``class_size`` pupils a class, rounded up."""
    if np.any(np.asarray(class_size) <= 0):
        raise ValueError("a class has at least one pupil")
    # A hair below the quotient, so that 46/23 computed as 2.0000000000000004 stays 2 classes.
    result: Value = np.ceil(np.asarray(pupils) / class_size - 1e-9)
    return result


def extra_classes(pupils: Value, class_size_now: Value, class_size: float) -> Value:
    """Classes to add when they shrink to ``class_size``; 0 when classes already are that small."""
    result: Value = np.maximum(np.asarray(classes(pupils, class_size)) - classes(pupils, class_size_now), 0.0)
    return result


def youth_worker_fte(pupils: Value, class_size: float, classes_per_worker: float = 2.0) -> Value:
    """Full-time youth workers: one per ``classes_per_worker`` classes (ZON: two)."""
    result: Value = np.asarray(classes(pupils, class_size)) / classes_per_worker
    return result


def per_pupils(pupils: Value, pupils_per_unit: float) -> Value:
    """One unit (for example a generalist) per ``pupils_per_unit`` pupils."""
    if pupils_per_unit <= 0:
        raise ValueError("pupils_per_unit must be positive")
    result: Value = np.asarray(pupils) / pupils_per_unit
    return result


def product(first: Value, second: Value) -> Value:
    """First × second, for example hours × the share given at school."""
    result: Value = np.asarray(first) * second
    return result


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "classes": classes,
    "extra_classes": extra_classes,
    "youth_worker_fte": youth_worker_fte,
    "per_pupils": per_pupils,
    "product": product,
}
