"""A database in a file, and bytes by hash and compression."""
import hashlib
import sqlite3
import zlib

with sqlite3.connect("shop.db") as database:
    database.execute("create table items (name text primary key, price real)")
    database.executemany("insert into items values (?, ?)", [("tea", 3.5), ("coffee", 4.25)])
print(sqlite3.connect("shop.db").execute("select name from items where price > 4").fetchall())
text = b"to be or not to be " * 100
print(hashlib.sha256(text).hexdigest()[:16], zlib.decompress(zlib.compress(text)) == text)
