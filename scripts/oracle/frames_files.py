"""Observations of frames by scikit-image, OpenCV, Gymnasium and ALE's rules: test/oracle/frames.npz, frames.json."""

import hashlib
from importlib.metadata import version

import cv2
import numpy as np

from .archive import write_json, write_npz
from .frames.drawn import MAKERS, game
from .frames.emulator import nature
from .frames.glow import Averager, check_against_ale, ntsc_palette
from .frames.resized import mnih, patel

LIBRARIES = ['ale-py', 'gymnasium', 'numpy', 'opencv-python-headless', 'scikit-image']
GAME_FRAMES = 9
# Both sides shrink, one does, none does. Unless a side is left as it is, luminances are no whole numbers.
RESIZED = [(210, 160), (250, 160), (109, 84), (130, 80), (90, 84), (50, 300), (333, 60), (40, 30)]
# Those that stay as they are, shrink by whole numbers, by two, nearly not at all.
AREAS = [
    (84, 84),
    (168, 168),
    (168, 84),
    (252, 336),
    (84, 83),
    (83, 84),
    (211, 163),
    (420, 160),
    (1, 1),
]


def write_frames(root):
    palette = ntsc_palette()
    checked = check_against_ale(palette)
    averager = Averager(palette)

    def neon(frames):
        """Pairs, of which the later comes second, behind a first frame by itself."""
        pairs = [(frames[0], frames[0]), *zip(frames[2::2], frames[1::2], strict=True)]
        grey = [averager.grey(newest, before) for newest, before in pairs]
        return np.stack([cv2.resize(image, (84, 84)) for image in grey])

    makers = {'patel': patel, 'mnih': mnih, 'nature': nature, 'neon': neon}
    drawn = game(GAME_FRAMES)
    grey = drawn[..., 1].copy()
    arrays = {'frames': drawn}
    for kind, observations in makers.items():
        arrays[kind] = observations(grey if kind == 'nature' else drawn)
    write_npz(root / 'test' / 'oracle' / 'frames.npz', arrays)

    cases = []
    for kind, observations in makers.items():
        sizes = RESIZED if kind in ('patel', 'mnih') else RESIZED + AREAS
        for height, width in sizes:
            look = 'dim' if kind == 'mnih' else 'noise'
            shape = (height, width) if kind == 'nature' else (height, width, 3)
            frames = [MAKERS[look](seed, shape) for seed in range(5)]
            made = observations(frames)
            cases.append(
                {
                    'kind': kind,
                    'height': height,
                    'width': width,
                    'look': look,
                    'frames': len(frames),
                    'observations': len(made),
                    'sha256': hashlib.sha256(made.tobytes()).hexdigest(),
                }
            )
    write_json(
        root / 'test' / 'oracle' / 'frames.json',
        {
            'versions': {name: version(name) for name in LIBRARIES},
            'framesComparedWithAle': checked,
            'cases': cases,
        },
    )
