"""A filter: the most frequent words of standard input."""
import re
import sys
from collections import Counter

words = Counter(word for line in sys.stdin for word in re.findall(r"\w+", line.lower()))
for word, count in sorted(words.items(), key=lambda pair: (-pair[1], pair[0]))[:3]:
    print(f"{count:3} {word}")
