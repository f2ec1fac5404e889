"""Imports the packages asked for and tells the versions that are installed."""

import importlib
import importlib.metadata
import json
import sys

# Those whose name is not that of their module, hyphens aside.
MODULES = {
    'opencv-python-headless': 'cv2',
    'pyzmq': 'zmq',
    'scikit-image': 'skimage',
    'tensorflow-cpu': 'tensorflow',
}

names = json.load(sys.stdin)
for name in names:
    importlib.import_module(MODULES.get(name, name).replace('-', '_'))
print(json.dumps({name: importlib.metadata.version(name) for name in names}))
