"""The emulator by itself: four frames and two grey screens for each step."""

import ale_py
import numpy as np
from ale_py import ALEInterface, LoggerMode, roms
from contender import action_at

VERSION = ale_py.__version__
FRAME_SKIP = 4


def make(trial):
    return Steps(trial)


class Steps:
    def __init__(self, trial):
        ALEInterface.setLoggerMode(LoggerMode.Error)
        self.copies = [one() for _ in range(trial.copies)]
        self.screens = np.empty((2, 210, 160), np.uint8)
        self.step = 0

    def call(self):
        for number, copy in enumerate(self.copies):
            action = copy.getMinimalActionSet()[action_at(self.step, number)]
            for frame in range(FRAME_SKIP):
                copy.act(action)
                if frame >= FRAME_SKIP - 2:
                    copy.getScreenGrayscale(self.screens[frame % 2])
            if copy.game_over():
                copy.reset_game()
        self.step += 1


def one():
    ale = ALEInterface()
    ale.setFloat('repeat_action_probability', 0.0)
    ale.loadROM(roms.get_rom_path('breakout'))
    return ale
