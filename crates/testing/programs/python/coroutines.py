"""Coroutines that talk over a loopback connection."""
import asyncio


async def answer(reader, writer):
    while line := await reader.readline():
        writer.write(line.upper())
        await writer.drain()
    writer.close()


async def ask(port, word):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(word.encode() + b"\n")
    said = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return said.decode().strip()


async def main():
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    print(await asyncio.gather(*(ask(port, word) for word in ["one", "two", "three"])))
    server.close()


asyncio.run(main())
