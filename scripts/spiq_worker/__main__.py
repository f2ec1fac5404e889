"""python -X faulthandler -m spiq_worker --endpoint ENDPOINT --backend NAME [--region-fd 3] [--line-fd 4]
    [--memory BYTES] [--curve-keys FILE --curve-clients FILE]

The token that the client has to show comes in the variable SPIQ_WORKER_TOKEN. With CURVE it is a worker that somebody
starts by hand for clients on other machines: it does not end with the process that started it.
"""

import argparse
import os
import signal
import sys

from . import backends, lifeline
from .endpoint import Curve, Door, check
from .inbox import Inbox
from .line import Line
from .loop import Server


def main() -> int:
    parser = argparse.ArgumentParser(prog='spiq_worker', allow_abbrev=False)
    parser.add_argument('--endpoint', required=True)
    parser.add_argument('--backend', required=True, choices=backends.NAMES)
    parser.add_argument('--region-fd', type=int)
    parser.add_argument('--line-fd', type=int)
    parser.add_argument('--memory', type=int, help='limit of the address space in bytes')
    parser.add_argument(
        '--curve-keys', help="the worker's certificate of ZeroMQ, secret key included"
    )
    parser.add_argument('--curve-clients', help='public keys of clients in Z85, one in a line')
    options = parser.parse_args()
    if (options.curve_keys is None) != (options.curve_clients is None):
        parser.error('--curve-keys and --curve-clients go together')
    # Environments start processes of their own at times: the token is not for them.
    token = os.environ.pop('SPIQ_WORKER_TOKEN', '')
    curve = None
    if options.curve_keys is not None:
        curve = Curve.read(options.curve_keys, options.curve_clients)
    else:
        lifeline.hold()
    check(options.endpoint, token, curve)
    if options.memory is not None:
        lifeline.limit_memory(options.memory)
    make_backend = backends.load(options.backend, options.region_fd)
    line = None if options.line_fd is None else Line(options.line_fd)
    door = Door(options.endpoint, curve)
    try:
        Server(Inbox(door.socket, line), token, make_backend, shared=curve is not None).run()
    except KeyboardInterrupt:
        # Only of a worker that was started by hand: the others ignore the signal.
        return 128 + signal.SIGINT
    finally:
        door.close()
    return 0


sys.exit(main())
