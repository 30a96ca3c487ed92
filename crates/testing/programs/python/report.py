"""Reads JSON, changes it and prints it."""
import json
import sys

orders = json.load(sys.stdin)["orders"]
total = sum(order["price"] * order.get("count", 1) for order in orders)
print(json.dumps({"total": round(total, 2), "names": sorted(order["name"] for order in orders), "none": None}, ensure_ascii=False))
try:
    json.loads('{"broken": [1, 2')
except json.JSONDecodeError as error:
    print(error)
