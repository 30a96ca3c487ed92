"""The command line: `python -m llm_sandbox run -c 'print(6 * 7)'`."""

from __future__ import annotations

import signal
import sys


def main() -> int:
    """Does what the arguments say; the status to leave with."""
    from llm_sandbox import _native

    # Python's own handler only takes notice, and nothing of Python runs meanwhile.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _native.command_line(["llm-sandbox", *sys.argv[1:]], [sys.executable, "-m", "llm_sandbox"])


if __name__ == "__main__":
    sys.exit(main())
