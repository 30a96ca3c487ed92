import sys
import unicodedata

größe = 42
print(f"größe={größe} — naïve ☕ 日本語 🦀")
for line in sys.stdin:
    word = line.rstrip("\n")
    print(word[::-1], len(word), word.upper(), unicodedata.normalize("NFD", word) == word)
open("ünïcode-☕.txt", "w").write("ja")
print(open("ünïcode-☕.txt").read(), sys.argv[1], file=sys.stdout)
print("Fehler: Ärger", file=sys.stderr)
