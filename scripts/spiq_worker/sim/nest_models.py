"""Which of NEST's neurons computes what, and with which parameters."""

from typing import Any

import numpy as np

from ..wire import Words
from .engine import unsupported
from .nest_plan import DEEP
from .spec import Layer, Spec

# exp(−1/1e300) is 1: nothing leaks, and currents have no effect, so that all input comes as spikes.
NO_LEAK = 1e300
NEVER = 1e300
SUBTRACTS = 'eprop_iaf'
ZEROES = 'iaf_psc_delta'


def check(engine: str, spec: Spec) -> None:
    if spec.dsqn and spec.reset == 'subtraction':
        for number, layer in enumerate(spec.layers):
            if layer.fires and not (layer.theta == 1).all():
                expected = 'thresholds of 1, which is what a spike takes'
                raise unsupported(engine, f'layer {number} under dsqn', expected, Words('others'))


def model_of(spec: Spec, layer: Layer) -> str:
    return SUBTRACTS if layer.fires and spec.reset == 'subtraction' else ZEROES


def thresholds(spec: Spec, layer: Layer) -> np.ndarray:
    """NEST's neurons fire at V ≥ V_th; `dsqn` asks for more than the threshold."""
    theta = spec.thresholds(layer)
    return np.nextafter(theta, np.inf) if spec.dsqn else theta


def parameters(spec: Spec, layer: Layer) -> dict[str, Any]:
    """For all neurons of a layer; those that fire get a V_th each."""
    shared = {'C_m': 1.0, 'tau_m': NO_LEAK, 'E_L': 0.0, 'V_m': 0.0, 'I_e': 0.0, 'V_min': -DEEP}
    shared |= {'V_th': NEVER, 't_ref': 0.0}
    if model_of(spec, layer) == SUBTRACTS:
        return shared
    # Under `dsqn` the input of the step after a spike is lost too.
    rests = layer.fires and spec.dsqn
    return {**shared, 'V_reset': 0.0, 't_ref': 1.0 if rests else 0.0}


def delay(spec: Spec) -> float:
    """ms, a step each."""
    return 2.0 if spec.dsqn else 1.0


def already_took(spec: Spec, layer: Layer) -> np.ndarray | None:
    """What a spike takes from V_m in its own step; under `dsqn` it does so in the next one."""
    early = layer.fires and spec.reset == 'subtraction' and spec.dsqn
    return thresholds(spec, layer) if early else None
