from stock.items import ITEMS, cheapest
from totals import total

print(total(ITEMS), cheapest(ITEMS), __file__)
print(open("prices.txt").read().strip())
