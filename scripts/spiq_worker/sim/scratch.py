"""A folder of this process alone, as home and working folder, gone when the process is: killed or not."""

import os
import subprocess
import sys
import tempfile


def live_in_scratch() -> str:
    folder = tempfile.mkdtemp(prefix='spiq-scratch-')
    os.environ['HOME'] = folder
    os.environ['MPLCONFIGDIR'] = os.path.join(folder, 'matplotlib')
    os.chdir(folder)
    # Its input ends with this process, whatever ends that. A session of its own: signals to the group are not for it.
    remover = 'import shutil, sys; sys.stdin.read(); shutil.rmtree(sys.argv[1], ignore_errors=True)'
    _remover.append(
        subprocess.Popen(
            [sys.executable, '-S', '-c', remover, folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd='/' if sys.platform != 'win32' else None,
            start_new_session=True,
        )
    )
    return folder


# Kept, since its input would end with the object.
_remover: list[subprocess.Popen] = []
