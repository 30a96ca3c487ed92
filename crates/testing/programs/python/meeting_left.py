"""Says who it is, waits until the other one is there, too."""
import pathlib
import time

NAME, OTHER = "left", "right"
pathlib.Path(NAME).touch()
while not pathlib.Path(OTHER).exists():
    time.sleep(0.01)
print(NAME, "met", OTHER)
