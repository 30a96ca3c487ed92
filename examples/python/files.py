"""Gives a program files, and takes back what it made of them."""

import tempfile
from pathlib import Path

from llm_sandbox import SandboxSession

PROGRAM = """
import csv, json, pathlib
rows = list(csv.DictReader(open("input/sales.csv")))
totals = {}
for row in rows:
    totals[row["product"]] = totals.get(row["product"], 0) + int(row["amount"])
pathlib.Path("output").mkdir()
json.dump(totals, open("output/totals.json", "w"), indent=2)
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as directory, SandboxSession(lang="python") as session:
        sales = Path(directory, "sales.csv")
        sales.write_text("product,amount\napples,3\npears,4\napples,5\n")
        session.copy_to_runtime(sales, "input/sales.csv")

        result = session.run(PROGRAM)
        if not result.success():
            raise SystemExit(result.stderr)

        for file in session.files.list("output"):
            print(file.path, file.size, "bytes")
        session.copy_from_runtime("output", Path(directory, "output"))
        print(Path(directory, "output", "totals.json").read_text())


if __name__ == "__main__":
    main()
