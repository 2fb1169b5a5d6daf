"""A TCP proxy on loopback that delays every byte, to feel a slow link such as Binder's.

    python latency_proxy.py TARGET_PORT ONE_WAY_MS

It listens on a free port of its own choice, which it prints. A round trip costs
twice the one-way delay; the order of bytes is kept, and so is the bandwidth.
"""

import asyncio
import contextlib
import sys

HOST = "127.0.0.1"
CHUNK = 65536


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float) -> None:
    """Copy bytes from reader to writer, each chunk `delay` seconds after it came."""
    now = asyncio.get_running_loop().time
    chunks: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def read() -> None:
        # A connection that breaks ends here just as one that closes does.
        chunk = b"-"
        while chunk:
            try:
                chunk = await reader.read(CHUNK)
            except ConnectionError:
                chunk = b""
            await chunks.put((now() + delay, chunk))

    reading = asyncio.create_task(read())
    try:
        while True:
            due, chunk = await chunks.get()
            await asyncio.sleep(max(0, due - now()))
            if not chunk:
                break
            writer.write(chunk)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        reading.cancel()
        writer.close()


async def serve(target_port: int, delay: float) -> None:
    """Print the port to connect to, then carry bytes to and from the target."""

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            target_reader, target_writer = await asyncio.open_connection(HOST, target_port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(pump(reader, target_writer, delay), pump(target_reader, writer, delay))

    async with await asyncio.start_server(connect, HOST, 0) as server:
        print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - the caller reads it
        await server.serve_forever()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2]) / 1000))
