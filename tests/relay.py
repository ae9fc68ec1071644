"""A relay before a server that can go silent: connections stay open, and nothing comes through."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Relay:
    """Passes on what comes, both ways, while `is_open` is set."""

    def __init__(self, host: str, port: int):
        self.target = host, port
        self.is_open = threading.Event()
        self.is_open.set()

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_connection(*self.target)
        await asyncio.gather(self.pass_on(reader, there[1]), self.pass_on(there[0], writer))

    async def pass_on(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65_536):
                while not self.is_open.is_set():
                    await asyncio.sleep(0.05)
                target.write(data)
                await target.drain()
        except ConnectionError:
            pass  # one side has gone; so does the other
        finally:
            target.close()


async def let_go(server: asyncio.Server) -> None:
    """End the server and every connection of this loop."""
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0.1)  # what was closed is let go of in the next rounds of the loop


@contextmanager
def relay_to(host: str, port: int) -> Iterator[tuple[Relay, int]]:
    """A relay in a thread of its own, and its port."""
    relay, loop, servers = Relay(host, port), asyncio.new_event_loop(), []
    ready = threading.Event()

    async def serve() -> None:
        servers.append(await asyncio.start_server(relay.meet, "127.0.0.1", 0))
        ready.set()

    def run() -> None:
        loop.run_until_complete(serve())
        loop.run_forever()
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield relay, servers[0].sockets[0].getsockname()[1]
    finally:
        relay.is_open.set()
        asyncio.run_coroutine_threadsafe(let_go(servers[0]), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
