ITEMS = {"tea": 3, "coffee": 4}


def cheapest(items):
    return min(items, key=items.get)
