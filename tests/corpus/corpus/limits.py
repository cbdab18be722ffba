"""A process with limits: how it ended, what it printed, the memory that it took."""

import os
import resource
import subprocess
import tempfile
import threading
from dataclasses import dataclass

MOST_ADDRESS_SPACE = 12 << 30  # of any process: a device that is read without an end meets it before the machine's end


@dataclass
class Ended:
    """How a process ended."""

    code: int  # its exit code, or the signal that ended it as a negative number
    stdout: str
    stderr: str
    peak_megabytes: float
    hung: bool  # it was ended after `seconds`

    @property
    def text(self):
        return self.stdout + self.stderr

    @property
    def said(self):
        """What a complaint quotes: the end of the errors or, without any, of the rows."""
        return (self.stderr or self.stdout).strip()[-300:]


def run(words, folder, environment, seconds, prints_to="", umask=-1):
    """Runs a command in `folder`, with nothing to read."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            [str(word) for word in words],
            cwd=folder,
            env=environment,
            preexec_fn=_limit,
            stdin=subprocess.DEVNULL,
            stderr=err,
            stdout=_stdout(prints_to, out),
            umask=umask,
        )
        hung = threading.Event()
        guard = threading.Timer(seconds, lambda: (hung.set(), process.kill()))
        guard.start()
        _, status, usage = os.wait4(process.pid, 0)
        guard.cancel()
        code = process.returncode = os.waitstatus_to_exitcode(status)
        return Ended(code, _text(out), _text(err), usage.ru_maxrss / 1024, hung.is_set())


def _limit():
    resource.setrlimit(resource.RLIMIT_AS, (MOST_ADDRESS_SPACE, MOST_ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _stdout(prints_to, out):
    if prints_to == "closed pipe":
        reader, writer = os.pipe()
        os.close(reader)
        return writer
    return os.open("/dev/full", os.O_WRONLY) if prints_to == "full disk" else out


def _text(file):
    file.seek(0)
    return file.read().decode(errors="replace")
