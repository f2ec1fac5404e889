"""A network as `sim.build` describes it, checked before any simulator sees it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..fields import Fields
from ..wire import Message, WireError, Words, mismatch

MOST_LAYERS = 12  # their tensors fit into a message
MOST_UNITS = 2**24
MOST_STEPS = 100_000
MOST_COPIES = 4096
# Powers of two above hold the potentials down while a network is cleared; real ones have to stay far below.
LARGEST = 2.0**40


@dataclass
class Layer:
    """Synapses in ascending order of `pre`, each unit's inputs so in the order of sums; a bias comes last."""

    units: int
    fires: bool
    theta: np.ndarray
    pre: np.ndarray
    post: np.ndarray
    value: np.ndarray
    bias: np.ndarray
    # The weights as [units, inputs], where they came so.
    dense: np.ndarray | None


@dataclass
class Spec:
    name: str
    inputs: int
    steps: int
    reset: str
    semantics: str
    epsilon: float
    copies: int
    layers: list[Layer]
    options: Fields

    @property
    def dsqn(self) -> bool:
        return self.semantics == 'dsqn'

    @property
    def firing(self) -> list[Layer]:
        return [layer for layer in self.layers if layer.fires]

    @property
    def neurons(self) -> int:
        return sum(layer.units for layer in self.layers)

    @property
    def synapses(self) -> int:
        """Of one copy; the first layer's weights become currents."""
        return sum(layer.value.size for layer in self.layers[1:])

    def thresholds(self, layer: Layer) -> np.ndarray:
        """What a potential is compared with and, under `direct`, what `subtraction` takes."""
        return layer.theta if self.dsqn else layer.theta * (1 - self.epsilon)


def read_spec(message: Message) -> Spec:
    fields = Fields(message.body, 'sim.build')
    name = fields.text('net')
    inputs = fields.whole('inputs', None, 1, MOST_UNITS)
    steps = fields.whole('T', None, 1, MOST_STEPS)
    reset = fields.one_of('reset', ('subtraction', 'zero'), '')
    semantics = fields.one_of('semantics', ('direct', 'dsqn'), '')
    epsilon = fields.fraction('epsilon', -1.0)
    if epsilon == 1:
        raise mismatch('E_RANGE', "sim.build 'epsilon'", 'a number of at least 0, below 1', epsilon)
    copies = fields.whole('copies', 1, 1, MOST_COPIES)
    readout = fields.one_of('readout', ('potential', 'spikes'), '')
    options = Fields(fields.object('options'), 'options of a back end')
    rows = fields.listed('layers', 1, MOST_LAYERS)
    fields.done()
    for what, value in (('inputs', inputs), ('T', steps)):
        if value is None:
            raise mismatch('E_RANGE', f"sim.build '{what}'", 'a whole number', value)
    layers = []
    before = inputs
    for number, row in enumerate(rows):
        layer = _read_layer(number, row, before, message.tensors)
        layers.append(layer)
        before = layer.units
    for number, layer in enumerate(layers):
        expected = number < len(layers) - 1 or readout == 'spikes'
        if layer.fires != expected:
            what = f"layer {number} 'fires' with readout {readout}"
            raise mismatch('E_ARGUMENT', what, str(expected).lower(), layer.fires)
    _refuse_strangers(message.tensors, layers)
    return Spec(name, inputs, steps, reset, semantics, epsilon, copies, layers, options)


def _read_layer(number: int, row: Any, inputs: int, tensors: dict[str, np.ndarray]) -> Layer:
    fields = Fields(row, f'layer {number}')
    units = fields.whole('units', None, 1, MOST_UNITS)
    fires = fields.flag('fires', True)
    form = fields.one_of('form', ('dense', 'sparse'), 'dense')
    threshold = fields.positive('threshold')
    fields.done()
    if units is None:
        raise mismatch('E_RANGE', f"layer {number} 'units'", 'a whole number', units)
    bias = _numbers(tensors, f'b{number}', (units,))
    if threshold is None and fires:
        theta = _numbers(tensors, f'theta{number}', (units,))
        if not (theta > 0).all():
            raise mismatch('E_RANGE', f"tensor 'theta{number}'", 'numbers above 0', Words('others'))
    else:
        theta = np.full(units, 1.0 if threshold is None else threshold)
    if form == 'dense':
        dense = _numbers(tensors, f'w{number}', (units, inputs))
        pre, post = np.nonzero(dense.T)
        return Layer(units, fires, theta, pre, post, dense.T[pre, post], bias, dense)
    value = _numbers(tensors, f'w{number}.value', None)
    pre = _places(tensors, f'w{number}.pre', value.size, inputs)
    post = _places(tensors, f'w{number}.post', value.size, units)
    order = np.argsort(pre, kind='stable')
    return Layer(units, fires, theta, pre[order], post[order], value[order], bias, None)


def _numbers(
    tensors: dict[str, np.ndarray], name: str, shape: tuple[int, ...] | None
) -> np.ndarray:
    array = _tensor(tensors, name, 'f64')
    if array.shape != shape and (shape is not None or array.ndim != 1):
        expected = 'one dimension' if shape is None else str(list(shape))
        raise mismatch('E_SHAPE', f"tensor '{name}'", expected, list(array.shape))
    if array.size > 0 and np.abs(array).max() > LARGEST:
        raise mismatch('E_RANGE', f"tensor '{name}'", f'at most ±{LARGEST:.0f}', Words('more'))
    return array


def _places(tensors: dict[str, np.ndarray], name: str, count: int, bound: int) -> np.ndarray:
    array = _tensor(tensors, name, 'u32')
    if array.shape != (count,):
        raise mismatch('E_SHAPE', f"tensor '{name}'", str([count]), list(array.shape))
    if count > 0 and int(array.max()) >= bound:
        expected = f'numbers from 0 to {bound - 1}'
        raise mismatch('E_RANGE', f"tensor '{name}'", expected, int(array.max()))
    return array.astype(np.int64)


def _tensor(tensors: dict[str, np.ndarray], name: str, dtype: str) -> np.ndarray:
    array = tensors.get(name)
    if array is None:
        raise mismatch('E_ARGUMENT', f"tensor '{name}'", 'it with the network', Words('none'))
    if array.dtype.str[1:] != dtype[0] + str(int(dtype[1:]) // 8):
        raise mismatch('E_ARGUMENT', f"tensor '{name}'", dtype, Words(str(array.dtype)))
    return array


def _refuse_strangers(tensors: dict[str, np.ndarray], layers: list[Layer]) -> None:
    parts = ('w{}', 'w{}.pre', 'w{}.post', 'w{}.value', 'b{}', 'theta{}')
    known = {part.format(number) for number in range(len(layers)) for part in parts}
    for name in tensors:
        if name not in known:
            raise WireError('E_ARGUMENT', f"tensor '{name}': expected one of a layer, received it")
