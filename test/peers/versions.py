"""Imports the packages asked for and tells the versions that are installed."""

import importlib
import importlib.metadata
import json
import sys

names = json.load(sys.stdin)
for name in names:
    # A package is named with hyphens where its module has underscores; tensorflow-cpu is tensorflow for one device.
    importlib.import_module(name.removesuffix('-cpu').replace('-', '_'))
print(json.dumps({name: importlib.metadata.version(name) for name in names}))
