"""Random streams: one per region and purpose, so that a change in one part leaves the others as they were."""

import zlib
from dataclasses import dataclass

import numpy as np

from zorgdata.synth.calendar import Floats, Ints


@dataclass(frozen=True)
class Streams:
    """Hands out generators by name; the same seed, region and name give the same draws."""

    seed: int
    region: int = 0

    def __call__(self, name: str) -> np.random.Generator:
        key = (self.region, zlib.crc32(name.encode()))
        return np.random.default_rng(np.random.SeedSequence(entropy=self.seed, spawn_key=key))


def choose(rng: np.random.Generator, weights: Floats, n: int) -> Ints:
    """``n`` indexes drawn with probabilities proportional to ``weights``."""
    cumulative = np.cumsum(weights)
    at = np.searchsorted(cumulative, rng.random(n) * cumulative[-1], side="right")
    return np.asarray(at, dtype=np.int64)


def choose_by_row(rng: np.random.Generator, weights: Floats, rows: Ints) -> Ints:
    """For every entry of ``rows`` one column of that row of ``weights``, with its probability.

    The rows' distributions stand one after the other on one line, so that a single search serves them all.
    """
    share = np.cumsum(weights, axis=1)
    share /= share[:, -1:]
    line = (share + np.arange(len(weights))[:, None]).ravel()
    at = np.searchsorted(line, rows + rng.random(len(rows)), side="right")
    return np.asarray(np.minimum(at - rows * weights.shape[1], weights.shape[1] - 1), dtype=np.int64)
