"""scikit-image's resize of a frame's luminance, of which whole observations are made for the check alone."""

import numpy as np
from skimage import __version__
from skimage.transform import resize

VERSION = __version__


def make(kind, frames):
    return {'patel': Patel, 'mnih': Mnih}[kind](frames)


def luminance(frame):
    red, green, blue = np.moveaxis(frame.astype(np.float64), -1, 0)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


class Patel:
    def __init__(self, frames):
        self.inputs = [(luminance(frame)[25:],) for frame in frames]

    def call(self, grey):
        return resize(grey, (80, 80))

    def observations(self):
        resized = [self.call(grey) for (grey,) in self.inputs]
        for time in range(len(resized)):
            newest, second, third, oldest = (resized[max(time - age, 0)] for age in range(4))
            total = newest + 0.75 * second + 0.5 * third + 0.25 * oldest
            yield np.minimum(total, 255).astype(np.uint8)


class Mnih:
    def __init__(self, frames):
        before = [frames[0], *frames[:-1]]
        self.inputs = [(luminance(np.maximum(*pair)),) for pair in zip(frames, before, strict=True)]

    def call(self, grey):
        return resize(grey, (84, 84))

    def observations(self):
        return [(self.call(grey) > 5).astype(np.uint8) for (grey,) in self.inputs]
