"""The published weight conversion (Hahn 2020) in float64: W[l] * s[l-1] / s[l], b[l] / s[l]."""

import numpy as np

# The source reads no more rows of a replay than this.
MAX_ROWS = 20000

METHODS = {
    'robust_p99': ('robust', 0.99),
    'robust_p95': ('robust', 0.95),
    'robust_p999': ('robust', 0.999),
    'data': ('robust', 1.0),
    'model': ('model', None),
}


def normalise(weights, biases, method, calibration=None):
    """Weights are [out, in] here; returns scaled weights, scaled biases and one scale a layer."""
    kind, percentile = METHODS[method]
    weights = [np.asarray(w, np.float64) for w in weights]
    biases = [np.asarray(b, np.float64) for b in biases]
    largest = [max(w.max(), b.max()) for w, b in zip(weights, biases, strict=True)]
    if kind == 'model':
        reach = [
            (np.maximum(w, 0).sum(axis=1) + np.maximum(b, 0)).max()
            for w, b in zip(weights, biases, strict=True)
        ]
    else:
        maxima = row_maxima(weights, biases, calibration[:MAX_ROWS])
        reach = [np.sort(m)[int(percentile * (len(m) - 1))] for m in maxima]
    scale = np.maximum(largest, reach)
    before = np.concatenate([[1.0], scale[:-1]])
    scaled_weights = [w * before[l] / scale[l] for l, w in enumerate(weights)]
    scaled_biases = [b / scale[l] for l, b in enumerate(biases)]
    return scaled_weights, scaled_biases, scale


def row_maxima(weights, biases, calibration):
    """Per layer and row the largest activation: after the ReLU, raw for the last layer."""
    x = np.asarray(calibration, np.float64)
    maxima = []
    for layer, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        x = x @ weight.T + bias
        if layer < len(weights) - 1:
            x = np.maximum(x, 0)
        maxima.append(x.max(axis=1))
    return maxima
