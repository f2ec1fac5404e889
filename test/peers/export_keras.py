"""
Exports networks of Keras and computes what they answer, like export_nets.py: the small ones of scripts/oracle/exports,
and a MobileNetV2 with random weights. Run in the Python of scripts/requirements/keras.txt.
"""

import json
import os
import sys
import time
from pathlib import Path

os.environ['CUDA_VISIBLE_DEVICES'] = ''
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / 'scripts'))

import keras
import numpy as np
from oracle.exports import keras_exports

SIDE = 64


def mobile_net():
    """The batch norms take the statistics of the images, which training would leave in them."""
    keras.utils.set_random_seed(5)
    net = keras.applications.MobileNetV2((SIDE, SIDE, 3), weights=None, classes=10)
    rng = np.random.default_rng(6)
    for layer in net.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = 0.0
            layer.gamma.assign(rng.uniform(0.5, 1.5, layer.gamma.shape))
            layer.beta.assign(rng.uniform(-0.3, 0.3, layer.beta.shape))
    net(rng.normal(size=(32, SIDE, SIDE, 3)).astype(np.float32), training=True)
    return net


def main():
    request = json.load(sys.stdin)
    folder = Path(request['folder'])
    seconds = {}
    for name in request['names']:
        start = time.perf_counter()
        if name == 'keras-mobilenet_v2':
            net = mobile_net()
            rows = np.random.default_rng(8).normal(size=(8, SIDE, SIDE, 3)).astype(np.float32)
            net.export(folder / f'{name}.onnx', format='onnx', verbose=False)
            np.savez(folder / f'{name}.npz', input=rows, output=np.asarray(net(rows)))
        else:
            keras_exports.write_keras_export(folder, name, keras_exports.NETS[name][1])
        seconds[name] = round(time.perf_counter() - start, 2)
    print(json.dumps(seconds))


if __name__ == '__main__':
    main()
