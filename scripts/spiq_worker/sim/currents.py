"""What the first layer gets in every step: W·x + b, summed as docs/architecture.md says, inputs ascending and fused."""

import numpy as np

from .spec import Layer

SPLIT = 2.0**27 + 1  # cuts a double into two halves of 26 bits (Veltkamp)


class Currents:
    def __init__(self, layer: Layer, inputs: int):
        self._units = layer.units
        self._bias = layer.bias
        self._exact = _is_single(layer.value)
        # Groups of weights of which no two go to the same unit, each unit's in the order of its inputs.
        if layer.dense is not None:
            columns = np.ascontiguousarray(layer.dense.T)
            self._groups = [(k, slice(None), columns[k]) for k in range(inputs)]
        else:
            self._groups = _ranked(layer)

    def of(self, x: np.ndarray) -> np.ndarray:
        """[rows, units] of observations [rows, inputs]."""
        # Products of numbers with 24 bits have 48: there is nothing that a fused sum could round otherwise.
        exact = self._exact and _is_single(x)
        silent = ~x.any(axis=0)
        sums = np.zeros((len(x), self._units))
        for inputs, units, weights in self._groups:
            if np.ndim(inputs) == 0:
                if silent[inputs]:
                    continue
                values = x[:, inputs, None]
            else:
                values = x[:, inputs]
            if exact:
                sums[:, units] += values * weights
            else:
                sums[:, units] = fused(values, weights, sums[:, units])
        return sums + self._bias


def _is_single(array: np.ndarray) -> bool:
    return bool((array.astype(np.float32) == array).all())


def _ranked(layer: Layer) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """The first input of every unit, the second of every unit, and so on."""
    order = np.argsort(layer.post, kind='stable')
    counts = np.bincount(layer.post, minlength=layer.units)
    ranks = np.arange(order.size) - np.repeat(np.cumsum(counts) - counts, counts)
    groups = []
    for rank in range(int(counts.max(initial=0))):
        chosen = order[ranks == rank]
        groups.append((layer.pre[chosen], layer.post[chosen], layer.value[chosen]))
    return groups


def fused(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    """a·b + c, rounded once (Boldo and Melquiond, Emulation of FMA and correctly rounded sums, 2008)."""
    product, low = _two_product(a, b)
    high, rest = _two_sum(c, low)
    top, tail = _two_sum(product, high)
    return top + _add_to_odd(tail, rest)


def _two_sum(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    total = a + b
    shifted = total - a
    return total, (a - (total - shifted)) + (b - shifted)


def _two_product(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    product = a * b
    a_high, b_high = a * SPLIT, b * SPLIT
    a_high, b_high = a_high - (a_high - a), b_high - (b_high - b)
    a_low, b_low = a - a_high, b - b_high
    error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low
    return product, error


def _add_to_odd(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """a + b, rounded to the neighbour with an odd mantissa where it is not exact."""
    total, error = _two_sum(a, b)
    even = (np.ascontiguousarray(total).view(np.int64) & 1) == 0
    towards = np.where(error > 0, np.inf, -np.inf)
    return np.where((error != 0) & even, np.nextafter(total, towards), total)
