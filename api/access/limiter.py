"""Token buckets: how often somebody may ask."""

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Limiter", "Verdict", "client_of"]

_MOST = 50_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of asking for a token.

    Attributes:
        is_allowed: There was one.
        left: Whole tokens left.
        wait_s: Whole seconds until there is one again; 0 when there is one.
    """

    is_allowed: bool
    left: int
    wait_s: int


class Limiter:
    """A bucket for each client, filled at a steady rate up to its size.

    The bucket that was touched longest ago is forgotten when there are too many. It is nearly
    always full by then, and a full one is no other than a new one.
    """

    def __init__(
        self,
        rate_per_s: float,
        burst: int,
        clock: Callable[[], float] = time.monotonic,
        most: int = _MOST,
    ) -> None:
        """Set the limits.

        Args:
            rate_per_s: Tokens that come back each second; 0 switches the limiter off.
            burst: Size of a bucket.
            clock: Seconds from any start.
            most: Buckets to remember.
        """
        self.rate_per_s = rate_per_s
        self.burst = burst
        self._clock = clock
        self._most = most
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    @property
    def is_on(self) -> bool:
        """Tell whether anything is limited."""
        return self.rate_per_s > 0

    def peek(self, client: str) -> Verdict:
        """Tell whether there is a token without taking it."""
        return self._verdict(self._level(client), cost=0)

    def take(self, client: str) -> Verdict:
        """Take a token from the bucket of a client, if there is one."""
        level = self._level(client)
        verdict = self._verdict(level, cost=1)
        self._buckets[client] = (level - verdict.is_allowed, self._clock())
        self._buckets.move_to_end(client)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return verdict

    def _level(self, client: str) -> float:
        level, at = self._buckets.get(client, (float(self.burst), 0.0))
        return min(float(self.burst), level + (self._clock() - at) * self.rate_per_s)

    def _verdict(self, level: float, cost: int) -> Verdict:
        if not self.is_on:
            return Verdict(True, self.burst, 0)
        is_allowed = level >= 1
        left = max(0, math.floor(level) - cost)
        return Verdict(
            is_allowed, left, 0 if is_allowed else math.ceil((1 - level) / self.rate_per_s)
        )


def client_of(address: str) -> str:
    """Return what requests from an address are counted by.

    One household has a whole IPv6 network of 64 bits, so addresses in it are counted together.
    """
    if ":" not in address:
        return address
    try:
        parsed = ipaddress.IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(parsed) >> 64 << 64, 64)))
