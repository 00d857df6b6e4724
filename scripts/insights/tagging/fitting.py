"""Logistic regression in three tiers: weights that suit most libraries, this library's, each tag's departure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from insights.tagging.corpus import Floats

_STEPS = 12
_STEEPEST = 30.0
_OFFSET_VARIANCE, _SLOPE_VARIANCE = 0.5, 0.05


@dataclass(frozen=True, eq=False)
class Fit:
    """Weights for traits that were made to have mean 0 and deviation 1, and the constant to add."""

    mean: Floats
    deviation: Floats
    weights: Floats
    constant: float

    def odds(self, traits: Floats) -> Floats:
        """The logarithm of the odds for each pair; the last axis are the traits."""
        logarithms: Floats = (traits - self.mean) / self.deviation @ self.weights + self.constant
        return logarithms


def fit_weights(traits: Floats, is_true: Floats, usual: Floats, strength: float) -> Fit:
    """The weights that make pairs (rows of `traits`) with 1 in `is_true` likely.

    Each weight is drawn to the usual one as by `strength` pairs' worth of doubt: few pairs leave it where it was.
    Newton's method; source: Bishop, "Pattern Recognition and Machine Learning", §4.3.3.
    """
    mean, deviation = traits.mean(axis=0), traits.std(axis=0) + 1e-9
    columns = np.column_stack([(traits - mean) / deviation, np.ones(len(traits))])
    centre = np.append(usual, 0.0)
    pull = np.append(np.full(len(usual), strength), 1e-6)
    weights = np.zeros_like(centre)  # from here every step leads down; from far out the first may lead away
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(columns @ weights, -_STEEPEST, _STEEPEST)))
        slope = columns.T @ (chance - is_true) + pull * (weights - centre)
        doubt = np.maximum(chance * (1 - chance), 1e-6)
        weights = weights - np.linalg.solve((columns * doubt[:, None]).T @ columns + np.diag(pull), slope)
    return Fit(mean, deviation, weights[:-1], float(weights[-1]))


@dataclass(frozen=True, eq=False)
class Departures:
    """How the odds of each tag depart from those that all tags together suggest: multiplied, then added to."""

    slopes: Floats
    offsets: Floats

    def odds(self, odds: Floats) -> Floats:
        """The logarithm of the odds for articles × tags, from the common one."""
        return odds * self.slopes + self.offsets


def fit_departures(odds: Floats, has: Floats) -> Departures:
    """The departures that make the tags of these articles likely: articles × tags, with 1 in `has` for each.

    Some tags are used by rule and some on a whim, some by everyone and some by nobody since. A slope is drawn to 1, an
    offset to 0, the more the fewer articles have the tag. Newton's method for all tags at once.
    """
    slopes, offsets = np.ones(odds.shape[1]), np.zeros(odds.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(odds * slopes + offsets, -_STEEPEST, _STEEPEST)))
        doubt = np.maximum(chance * (1 - chance), 1e-6)
        slope_down = ((chance - has) * odds).sum(axis=0) + (slopes - 1) / _SLOPE_VARIANCE
        offset_down = (chance - has).sum(axis=0) + offsets / _OFFSET_VARIANCE
        both = (doubt * odds).sum(axis=0)
        slope_curve = (doubt * odds * odds).sum(axis=0) + 1 / _SLOPE_VARIANCE
        offset_curve = doubt.sum(axis=0) + 1 / _OFFSET_VARIANCE
        determinant = slope_curve * offset_curve - both * both
        slopes = slopes - (offset_curve * slope_down - both * offset_down) / determinant
        offsets = offsets - (slope_curve * offset_down - both * slope_down) / determinant
    return Departures(slopes, offsets)
