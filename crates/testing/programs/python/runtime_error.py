PRICES = {"tea": 3}


def price(name):
    return PRICES[name]


print(price("tea"), flush=True)
print(price("coffee"))
