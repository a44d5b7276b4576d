from hypothesis import given
from hypothesis import strategies as st

from api.access.limiter import Limiter, client_of


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_bucket_empties_and_fills_again() -> None:
    clock = Clock()
    limiter = Limiter(2, 3, clock)

    assert [limiter.take("a").left for _ in range(3)] == [2, 1, 0]
    refused = limiter.take("a")
    assert (refused.is_allowed, refused.wait_s) == (False, 1)
    clock.now += 0.5
    assert limiter.take("a").is_allowed
    assert not limiter.take("a").is_allowed


def test_refused_request_costs_nothing() -> None:
    clock = Clock()
    limiter = Limiter(1, 1, clock)
    limiter.take("a")
    for _ in range(100):
        assert not limiter.take("a").is_allowed

    clock.now += 1

    assert limiter.take("a").is_allowed


def test_clients_do_not_share_a_bucket() -> None:
    limiter = Limiter(1, 1, Clock())
    limiter.take("a")

    assert limiter.take("b").is_allowed
    assert not limiter.take("a").is_allowed


def test_looking_takes_nothing() -> None:
    limiter = Limiter(1, 1, Clock())
    limiter.peek("a")

    assert limiter.take("a").is_allowed
    assert not limiter.peek("a").is_allowed


def test_rate_of_zero_limits_nothing() -> None:
    limiter = Limiter(0, 1, Clock())

    assert all(limiter.take("a").is_allowed for _ in range(10))


def test_oldest_bucket_is_forgotten() -> None:
    limiter = Limiter(1, 1, Clock(), most=2)
    for client in ("a", "b", "c"):
        limiter.take(client)

    assert limiter.take("a").is_allowed  # forgotten, so full again
    assert not limiter.take("c").is_allowed


@given(
    rate=st.floats(0.1, 100),
    burst=st.integers(1, 50),
    pauses=st.lists(st.floats(0, 5), max_size=100),
)
def test_never_more_than_burst_and_rate(rate: float, burst: int, pauses: list[float]) -> None:
    clock = Clock()
    limiter = Limiter(rate, burst, clock)
    taken = 0
    for pause in pauses:
        clock.now += pause
        taken += limiter.take("a").is_allowed

    assert taken <= burst + sum(pauses) * rate + 1e-6


def test_addresses_are_counted_by_household() -> None:
    assert client_of("192.0.2.1") == "192.0.2.1"
    assert client_of("2001:db8:1:2:3::4") == client_of("2001:db8:1:2::9")
    assert client_of("2001:db8:1:2::1") != client_of("2001:db8:1:3::1")
    assert client_of("::ffff:192.0.2.1") == "192.0.2.1"
    assert client_of("fe80::1%eth0") == client_of("fe80::2")
    assert client_of("nonsense:") == "nonsense:"
