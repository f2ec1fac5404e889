"""How the bounds of an observation travel: one number, a list, or a tensor where a list would fill the header."""

import math
from typing import Any

import numpy as np

MOST_LISTED = 256


def send_bounds(observation: dict[str, Any]) -> dict[str, np.ndarray]:
    """Turns `low` and `high` into what JSON can hold; returns those that go beside it."""
    tensors = {}
    for name in ('low', 'high'):
        bound = np.asarray(observation[name], '<f8')
        if bound.size > 0 and (bound == bound.flat[0]).all():
            observation[name] = _number(float(bound.flat[0]))
        elif bound.size <= MOST_LISTED:
            observation[name] = [_number(value) for value in bound.ravel().tolist()]
        else:
            observation[name] = None
            tensors[name] = bound
    return tensors


def _number(value: float) -> float | str:
    """JSON has no infinity."""
    if math.isinf(value):
        return 'inf' if value > 0 else '-inf'
    return value
