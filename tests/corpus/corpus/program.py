"""The program under test, with settings, data and records of its own and nothing of the person's."""

import os

from corpus import limits

ENGINE = "rten"  # the built-in one: it is everywhere
TAKES_ENGINE = ("segment", "evaluate", "report", "export")


class Program:
    """Runs `dermaloupe`."""

    def __init__(self, path, home):
        self.path = path
        self.environment = {
            **os.environ,
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_CONFIG_HOME": str(home / "config"),
            "LC_ALL": "C.UTF-8",
        }
        for name in ("RUST_LOG", "ORT_DYLIB_PATH"):
            self.environment.pop(name, None)
        home.mkdir(parents=True, exist_ok=True)

    def run(self, words, folder, seconds=300, prints_to="", umask=-1):
        if words[0] in TAKES_ENGINE and "--engine" not in words:
            words = [*words, "--engine", ENGINE]
        return limits.run([self.path, *words], folder, self.environment, seconds, prints_to, umask)
