"""Small random networks, and observations that reach the corners of every encoder."""

import numpy as np
import onnx
from onnx import numpy_helper

from .normalise import normalise
from .options import Net

ROWS = 16

# Zero, one, both sides of one, the published encoder's jam, its spike at -2, binary fractions.
CORNERS = np.array([0, 1, 1.2, 1.5, 2, 3, -2, -0.5, 0.5, 0.25, 0.999, 1.001, -3, 0.1], np.float32)


def random_net(seed, sizes, gain, bias_mean=None, bias_row=False):
    """`bias_row` adds a row to the first matrix for the constant 1 appended to an observation."""
    rng = np.random.default_rng(seed)
    fan_in = [sizes[0] + bias_row, *sizes[1:-1]]
    weights = tuple(
        rng.normal(0.08, gain / np.sqrt(n), (n, m)).astype(np.float32)
        for n, m in zip(fan_in, sizes[1:], strict=True)
    )
    if bias_mean is None:
        return Net(weights, tuple(None for _ in weights))
    biases = tuple(rng.normal(bias_mean, 0.15, m).astype(np.float32) for m in sizes[1:])
    return Net(weights, biases)


def random_observations(seed, inputs):
    rng = np.random.default_rng(seed)
    observations = np.clip(rng.normal(0.3, 0.8, (ROWS, inputs)), -3, 3).astype(np.float32)
    places = rng.choice(observations.size, min(len(CORNERS), observations.size // 3), replace=False)
    observations.flat[places] = CORNERS[: len(places)]
    return observations


def random_cases():
    """Name to (net, observations)."""
    shapes = {
        'bias-5-12-10-3': (random_net(11, (5, 12, 10, 3), 1.0, 0.15), 5),
        'plain-4-17-17-2': (random_net(12, (4, 17, 17, 2), 1.6), 4),
        'bias-row-4-17-17-2': (random_net(13, (4, 17, 17, 2), 1.6, bias_row=True), 4),
        'single-6-4': (random_net(14, (6, 4), 1.2, 0.1), 6),
        'odd-3-33-20-9-2': (random_net(15, (3, 33, 20, 9, 2), 1.3, 0.1), 3),
    }
    return {
        name: (net, random_observations(100 + n, inputs))
        for n, (name, (net, inputs)) in enumerate(shapes.items())
    }


def read_float_net(path):
    """Weights [out, in] and biases of the example network."""
    graph = onnx.load(path).graph
    tensors = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    gemms = [node for node in graph.node if node.op_type == 'Gemm']
    return [tensors[g.input[1]] for g in gemms], [tensors[g.input[2]] for g in gemms]


def example_case(models):
    """The example network converted by robust 0.99, with every 125th calibration row."""
    weights, biases = read_float_net(models / 'cartpole-dqn.onnx')
    calibration = np.load(models / 'cartpole-dqn.calibration.npz')['arr_0']
    net = converted(weights, biases, calibration)
    return net, calibration[:: len(calibration) // ROWS][:ROWS]


def converted(weights, biases, calibration, method='robust_p99'):
    """Simulated weights are [in, out] and float32, as an engine would hold them."""
    scaled_weights, scaled_biases, _ = normalise(weights, biases, method, calibration)
    return Net(
        tuple(w.T.astype(np.float32) for w in scaled_weights),
        tuple(b.astype(np.float32) for b in scaled_biases),
    )
