"""Writes, appends, renames, reads and removes below the working directory."""
import csv
import pathlib
import shutil

folder = pathlib.Path("reports/2024")
folder.mkdir(parents=True)
with (folder / "sales.csv").open("w", newline="") as file:
    writer = csv.writer(file)
    writer.writerow(["item", "price"])
    writer.writerows([["tea, green", 3.5], ["coffee", 4.25]])
(folder / "sales.csv").rename(folder / "sold.csv")
with (folder / "sold.csv").open(newline="") as file:
    rows = list(csv.DictReader(file))
print(sum(float(row["price"]) for row in rows), rows[0]["item"])
print(pathlib.Path("reports").resolve(), sorted(path.name for path in folder.iterdir()))
shutil.rmtree("reports")
print(pathlib.Path("reports").exists())
