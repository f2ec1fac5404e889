"""python -X faulthandler -m spiq_worker --endpoint ENDPOINT --backend env [--region-fd 3] [--memory BYTES]

The token that the client has to show comes in the variable SPIQ_WORKER_TOKEN.
"""

import argparse
import os
import sys

from . import lifeline
from .env import EnvironmentBackend
from .loop import serve


def main() -> int:
    parser = argparse.ArgumentParser(prog='spiq_worker', allow_abbrev=False)
    parser.add_argument('--endpoint', required=True)
    parser.add_argument('--backend', required=True, choices=['env'])
    parser.add_argument('--region-fd', type=int)
    parser.add_argument('--memory', type=int, help='limit of the address space in bytes')
    options = parser.parse_args()
    lifeline.hold()
    if options.memory is not None:
        lifeline.limit_memory(options.memory)
    # Environments start processes of their own at times: the token is not for them.
    token = os.environ.pop('SPIQ_WORKER_TOKEN', '')
    return serve(options.endpoint, token, EnvironmentBackend(options.region_fd))


sys.exit(main())
