"""NumPy's maximum of a frame and the one before it, resized by OpenCV."""

import cv2
import numpy as np

VERSION = cv2.__version__
cv2.setNumThreads(1)


def make(kind, frames):
    return {'nature': Nature}[kind](frames)


class Nature:
    def __init__(self, frames):
        self.inputs = list(zip(frames, [frames[0], *frames[:-1]], strict=True))
        self.brightest = np.empty_like(frames[0])

    def call(self, newest, before):
        np.maximum(newest, before, out=self.brightest)
        return cv2.resize(self.brightest, (84, 84), interpolation=cv2.INTER_AREA)

    def observations(self):
        return [self.call(*pair) for pair in self.inputs]
