"""Says what CPython's re makes of patterns.

Reads lines of JSON, each a pattern and a list of texts. For each it prints the spans of all matches in every text, or
nothing for a text on which Python took too long or found a fault of its own; or why it refuses the pattern. The first
line that it prints is about Python itself.
"""

import json
import re
import signal
import sys
import unicodedata
import warnings

# Of the processor's time, so that a busy machine changes nothing.
SECONDS_FOR_A_TEXT = 0.5


class Late(Exception):
    pass


def late(*_):
    raise Late


def assigned():
    """The ranges of all characters that this Python knows."""
    ranges = []
    for code in range(sys.maxunicode + 1):
        if unicodedata.category(chr(code)) in ("Cn", "Cs"):
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return ranges


def spans(pattern, text):
    signal.setitimer(signal.ITIMER_PROF, SECONDS_FOR_A_TEXT)
    try:
        return [match.span() for match in pattern.finditer(text)]
    except (Late, SystemError):
        # Python reports some of its own faults, such as a group that ends before it begins, by SystemError.
        return None
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def answer(source, texts):
    try:
        pattern = re.compile(source)
    except (re.error, ArithmeticError, ValueError, RuntimeError) as refusal:
        return {"refused": str(refusal)}
    return {"spans": [spans(pattern, text) for text in texts]}


warnings.simplefilter("ignore")
signal.signal(signal.SIGPROF, late)
print(json.dumps({"version": sys.version_info[:3], "assigned": assigned()}))
for line in sys.stdin:
    print(json.dumps(answer(*json.loads(line))))
