"""The worker's side of the messages, for message.test.ts.

The request is {"encode": [messages], "decode": [lists of frames as base64]}. The answer holds the frames of each
message, and of each list what it says or the code of the error.
"""

import base64
import json
import sys

import numpy as np
from spiq_worker import wire

request = json.load(sys.stdin)


def encode(message):
    tensors = {
        entry['name']: np.array(list(map(float, entry['values'])))
        .astype(wire.DTYPES[entry['dtype']])
        .reshape(entry['shape'])
        for entry in message.get('tensors', [])
    }
    made = wire.Message(message['type'], message['body'], tensors, message['id'])
    return [base64.b64encode(frame).decode() for frame in wire.encode(made)]


def decode(frames):
    received = [base64.b64decode(frame) for frame in frames]
    try:
        message = wire.decode(wire.header_of(received), received)
    except wire.WireError as error:
        return {'code': error.code, 'message': str(error)}
    tensors = [
        {
            'name': name,
            'dtype': wire.NAMES[array.dtype.str],
            'shape': list(array.shape),
            'values': [shown(value) for value in array.ravel().tolist()],
        }
        for name, array in message.tensors.items()
    ]
    return {'id': message.id, 'type': message.type, 'body': message.body, 'tensors': tensors}


def shown(value):
    return value if np.isfinite(value) else str(value)


answer = {
    'encoded': [encode(message) for message in request['encode']],
    'decoded': [decode(frames) for frames in request['decode']],
}
print(json.dumps(answer))
