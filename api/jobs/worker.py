"""The process of one job: reads what to do from standard input, writes lines of JSON.

``{"done": 3, "total": 10}`` while it works, with a ``stage`` where there are several, then
``{"result": …}`` or ``{"error": …}``.
"""

import json
import resource
import sys
from pathlib import Path

from api.jobs.work import HarvestIn, harvest, parse, perform
from api.settings import Settings
from api.stores import open_store
from graph.errors import GraphError
from graph.store import Store, Visibility

__all__ = ["main"]


def main() -> None:
    """Do one job."""
    order = json.loads(sys.stdin.readline())
    limit = order["memory_bytes"]
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    try:
        work = parse(json.dumps(order["work"]))
        if isinstance(work, HarvestIn):
            _say(result=harvest(Path(order["home"]), work, _tell))
            return
        store = _store(order["home"], Visibility(order["visibility"]))
        _say(result=perform(store, work, lambda done, total: _say(done=done, total=total)))
    except GraphError as error:
        _say(error=f"{type(error).__name__}: {error}")
    except MemoryError:
        _say(error="StoreLimitError: the job needs more memory than it may")


def _store(home: str, visibility: Visibility) -> Store:
    return open_store(Settings(home=Path(home)), visibility)


def _tell(stage: str, done: int, total: int) -> None:
    _say(stage=stage, done=done, total=total)


def _say(**values: object) -> None:
    sys.stdout.write(json.dumps(values, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
