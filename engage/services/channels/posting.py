"""One POST to an address that somebody gave us: not followed, not waited for long."""

import asyncio
from collections.abc import Mapping

from engage.services.channels.failing import Failed


def post(
    who: str, address: str, body: bytes, headers: Mapping[str, str], seconds: float
) -> int:
    """The status that it answers, within so many seconds for all of it.

    `who`: for the reason, as in "the hub does not answer".

    Raises:
        Failed: no connection, no trust, or too slow.
    """
    # Imported here: it takes memory, and most processes never send.
    import aiohttp

    try:
        return asyncio.run(_post(address, body, headers, seconds))
    except TimeoutError:
        raise Failed(f"{who} took too long") from None
    except (aiohttp.ClientError, OSError, ValueError):
        raise Failed(f"{who} does not answer") from None


async def _post(
    address: str, body: bytes, headers: Mapping[str, str], seconds: float
) -> int:
    import aiohttp

    limit = aiohttp.ClientTimeout(total=seconds)
    async with (
        aiohttp.ClientSession(timeout=limit) as session,
        # What it answers beside its status is nothing to us, so it is not read.
        session.post(address, data=body, headers=headers, allow_redirects=False) as got,
    ):
        return got.status
