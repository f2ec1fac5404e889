"""Writes test/oracle/convert.<net>.npz: float nets and what each method makes of them."""

import numpy as np

from .archive import write_json, write_npz
from .nets import random_net, read_float_net
from .normalise import METHODS, normalise

CALIBRATION_ROWS = 3000


def write_conversions(root):
    oracle = root / 'test' / 'oracle'
    weights, biases = read_float_net(root / 'models' / 'cartpole-dqn.onnx')
    calibration = np.load(root / 'models' / 'cartpole-dqn.calibration.npz')['arr_0']
    write_npz(oracle / 'convert.cartpole-dqn.npz', arrays_of(weights, biases, calibration))

    net = random_net(21, (5, 12, 10, 3), 1.4, 0.1)
    weights = [np.ascontiguousarray(w.T) for w in net.weights]
    rng = np.random.default_rng(22)
    calibration = rng.normal(0.2, 1.0, (CALIBRATION_ROWS, 5)).astype(np.float32)
    arrays = {'calibration': calibration, **arrays_of(weights, net.biases, calibration)}
    write_npz(oracle / 'convert.random-5-12-10-3.npz', arrays)

    cases = [
        {'key': key, 'method': method, 'percentile': percentile}
        for key, (method, percentile) in METHODS.items()
    ]
    write_json(oracle / 'convert.json', {'cases': cases})


def arrays_of(weights, biases, calibration):
    arrays = {}
    for layer, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        arrays[f'w{layer}'], arrays[f'b{layer}'] = weight, bias
    for method in METHODS:
        scaled_weights, scaled_biases, scale = normalise(weights, biases, method, calibration)
        for layer, (weight, bias) in enumerate(zip(scaled_weights, scaled_biases, strict=True)):
            arrays[f'{method}.w{layer}'], arrays[f'{method}.b{layer}'] = weight, bias
        arrays[f'{method}.scale'] = scale
    return arrays
