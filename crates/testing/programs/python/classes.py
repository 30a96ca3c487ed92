"""What newer code is made of: data classes, generators, decimals, dates, typing, context managers."""
import contextlib
import dataclasses
import datetime
import decimal
import enum
import functools
import itertools
import typing


class Kind(enum.Enum):
    TEA = "tea"
    COFFEE = "coffee"


@dataclasses.dataclass(order=True, frozen=True)
class Order:
    price: decimal.Decimal
    kind: Kind = dataclasses.field(compare=False)
    day: datetime.date = datetime.date(2024, 2, 28)


@functools.cache
def fibonacci(n: int) -> int:
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


@contextlib.contextmanager
def framed(word: str) -> typing.Iterator[None]:
    print(f"<{word}>")
    yield
    print(f"</{word}>")


orders = [Order(decimal.Decimal("4.10"), Kind.COFFEE), Order(decimal.Decimal("0.10") + decimal.Decimal("0.20"), Kind.TEA)]
with framed("orders"):
    print(min(orders).kind, min(orders).price, orders[0].day + datetime.timedelta(days=2))
print(fibonacci(90), list(itertools.accumulate(range(6))))
match (3, {"kind": "tea"}):
    case (n, {"kind": kind}) if n > 2:
        print(n, kind)
