"""Writing the downloads of a version before anybody asks for them.

They take some seconds of processor for the reference graph, so whoever came first would wait for
them. A process of its own with low priority writes them, as soon as a version answers.
"""

import asyncio
import logging
import os
import sys
from contextlib import suppress
from pathlib import Path

from graph.errors import StoreBusyError, StoreError
from graph.publishing.dumps import prepare_dumps
from graph.publishing.patches import remove_old_patches
from graph.store import EmbeddedStore

__all__ = ["main", "write_downloads"]

logger = logging.getLogger(__name__)

_LOW_PRIORITY = 15


async def write_downloads(home: Path) -> None:
    """Have the public downloads of the version that answers written, and wait for it.

    A failure is logged: whoever asks for the downloads is told by then. Cancelling ends the
    process; what it has begun is removed by the next one.

    Args:
        home: Directory of the store.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "api.dumping", str(home), stdin=asyncio.subprocess.DEVNULL
    )
    try:
        if status := await process.wait():
            logger.warning("downloads could not be written ahead: exit status %d", status)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def main() -> None:
    """Write the public downloads of the store that the first argument names."""
    os.nice(_LOW_PRIORITY)
    home = Path(sys.argv[1])
    with suppress(StoreBusyError):  # somebody else is at it
        prepare_dumps(EmbeddedStore(home))
    remove_old_patches(home)


if __name__ == "__main__":
    logging.basicConfig()
    try:
        main()
    except StoreError:
        logger.exception("no downloads")
        sys.exit(1)
