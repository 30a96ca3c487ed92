import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--times", type=int, default=1)
parser.add_argument("words", nargs="*")
given = parser.parse_args()
print(given.words * given.times)
