"""What an exception is to the client."""

import traceback

from .wire import Message, WireError

_CLASSES = {'E_IMPORT': 'WorkerImportError', 'E_MEMORY': 'MemoryError', 'E_BACKEND': 'BackendError'}


def error_message(error: Exception) -> Message:
    if isinstance(error, WireError):
        code, text = error.code, str(error)
    elif isinstance(error, ImportError) or isinstance(error.__cause__, ImportError):
        # Libraries say in errors of their own which module they lack, and behind them stands Python's.
        code, text = 'E_IMPORT', f'{type(error).__name__}: {error}'
    elif isinstance(error, MemoryError):
        code, text = 'E_MEMORY', f'the worker has too little memory: {error}'
    else:
        code, text = 'E_BACKEND', f'{type(error).__name__}: {error}'
    body = {
        'code': code,
        'class': _CLASSES.get(code, 'RequestError'),
        'message': text[:2000],
        'retryable': isinstance(error, WireError) and error.retryable,
        'pythonType': type(error).__name__,
        'traceback': ''.join(traceback.format_exception(error))[-8000:],
        # A request that was refused changed nothing; one that broke off may have.
        'netState': 'ok' if isinstance(error, WireError) and not error.broken else 'broken',
    }
    return Message('error', body)
