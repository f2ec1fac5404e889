"""Networks of Keras, exported by its own `export(format='onnx')`: images with channels last."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')

import keras
import numpy as np
import onnx
from keras import layers

from ..onnx_details import without_machine_details
from .listing import write_export

ROWS = 6


def classifier():
    return [
        keras.Input((10, 10, 3), name='image'),
        layers.Conv2D(6, 3, strides=2, padding='same', use_bias=False),
        layers.BatchNormalization(),
        layers.ReLU(max_value=6),
        layers.Conv2D(8, 3, activation='relu'),
        layers.MaxPooling2D(2, strides=1),
        layers.Flatten(),
        layers.Dense(12, activation='relu'),
        layers.Dense(5, activation='softmax'),
    ]


def dqn():
    """Bytes as floats, scaled by the network itself."""
    return [
        keras.Input((20, 20, 2), name='frames'),
        layers.Rescaling(1 / 255),
        layers.Conv2D(4, 6, strides=2, activation='relu'),
        layers.Conv2D(8, 3, strides=2, activation='relu'),
        layers.Flatten(),
        layers.Dense(16, activation='relu'),
        layers.Dense(3),
    ]


def mlp():
    return [
        keras.Input((7,), name='observation'),
        layers.Dense(20, activation='relu'),
        layers.Dropout(0.3),
        layers.Dense(20, activation='relu'),
        layers.Dense(4),
    ]


def depthwise():
    """A branch added again, a transposed convolution, a global average."""
    image = keras.Input((8, 8, 4), name='image')
    x = layers.DepthwiseConv2D(3, padding='same')(image)
    x = layers.LeakyReLU(negative_slope=0.2)(x)
    x = layers.Conv2D(4, 1)(x)
    x = layers.Add()([image, x])
    x = layers.Conv2DTranspose(6, 3, strides=2, padding='same', activation='relu')(x)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(image, layers.Dense(3)(x))


def pooled():
    return [
        keras.Input((9, 9, 2), name='image'),
        layers.ZeroPadding2D(((1, 0), (0, 1))),
        layers.Conv2D(4, 3, activation='relu'),
        layers.AveragePooling2D(2, padding='same'),
        layers.UpSampling2D(2),
        layers.SeparableConv2D(6, 3, padding='same', activation='relu'),
        layers.GlobalMaxPooling2D(),
        layers.Dense(3),
    ]


NETS = {
    'keras-classifier': (classifier, 1),
    'keras-dqn': (dqn, 255),
    'keras-mlp': (mlp, 1),
    'keras-depthwise': (depthwise, 1),
    'keras-pooled': (pooled, 1),
}


def build(name):
    make, _ = NETS[name]
    keras.utils.set_random_seed(sum(map(ord, name)))
    made = make()
    net = made if isinstance(made, keras.Model) else keras.Sequential(made)
    rng = np.random.default_rng(3)
    for layer in net.layers:
        if isinstance(layer, layers.BatchNormalization):
            ranges = ((0.5, 1.5), (-0.3, 0.3), (-0.5, 0.5), (0.5, 2.0))
            sizes = [weight.shape for weight in layer.get_weights()]
            layer.set_weights([rng.uniform(*r, size=s) for r, s in zip(ranges, sizes, strict=True)])
        elif getattr(layer, 'bias', None) is not None:
            layer.bias.assign(rng.normal(scale=0.1, size=layer.bias.shape))
    return net


def write_keras_exports(folder):
    return [write_keras_export(folder, name, scale) for name, (_, scale) in NETS.items()]


def write_keras_export(folder, name, scale):
    net = build(name)
    rng = np.random.default_rng(7)
    rows = (rng.uniform(-0.2, 1, size=(ROWS, *net.input_shape[1:])) * scale).astype(np.float32)
    output = np.asarray(net(rows, training=False))
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / 'net.onnx'
        net.export(path, format='onnx', verbose=False)
        model = without_machine_details(onnx.load(path))

    return write_export(folder, name, model, rows, output, f'keras {keras.__version__}')
