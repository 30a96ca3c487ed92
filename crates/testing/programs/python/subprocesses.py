"""Another interpreter, a pipeline, and one that fails."""
import subprocess
import sys

child = subprocess.run([sys.executable, "-c", "print(input()[::-1])"], input="live\n", capture_output=True, text=True, check=True)
print(child.stdout.strip())
made = subprocess.Popen(["printf", "b\\na\\nc\\n"], stdout=subprocess.PIPE)
print(subprocess.check_output(["sort", "-r"], stdin=made.stdout, text=True).split())
print(subprocess.run([sys.executable, "-c", "raise SystemExit(3)"]).returncode)
