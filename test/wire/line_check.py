"""The worker's side of the line, for line.test.ts.

The request is {"pack": [messages, lists of frames], "unpack": [streams, lists of pieces]}, bytes as base64. The answer
holds the bytes of each message, and of each stream its messages and the code of the error at its end, or null.
"""

import base64
import json
import sys

from spiq_worker.line import Unpacker, pack
from spiq_worker.wire import WireError

request = json.load(sys.stdin)


def text(data):
    return base64.b64encode(data).decode()


def unpack(pieces):
    unpacker = Unpacker()
    messages = []
    try:
        for piece in map(base64.b64decode, pieces):
            unpacker.add(piece)
            while (frames := unpacker.take()) is not None:
                messages.append([text(frame) for frame in frames])
    except WireError as error:
        return {'messages': messages, 'code': error.code}
    return {'messages': messages, 'code': None}


packed = [text(pack([base64.b64decode(frame) for frame in frames])) for frames in request['pack']]
print(json.dumps({'packed': packed, 'unpacked': [unpack(pieces) for pieces in request['unpack']]}))
