import atexit
import sys

atexit.register(print, "last words")
print("checked", file=sys.stderr)
sys.exit(7)
