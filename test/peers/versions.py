"""Imports the packages asked for and tells the versions that are installed."""

import importlib
import importlib.metadata
import json
import sys

names = json.load(sys.stdin)
for name in names:
    importlib.import_module(name)
print(json.dumps({name: importlib.metadata.version(name) for name in names}))
