"""Tokens of an OpenID Connect issuer that runs in this test."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from api.access import tokens
from api.access.roles import Role
from api.access.tokens import Issuer, looks_like_token
from graph.errors import ParameterError, StoreUnavailableError

AUDIENCE = "verbund"
Opened = Callable[..., Any]


class LocalIssuer:
    """A real issuer on the loopback: discovery, published keys, signed tokens."""

    def __init__(self) -> None:
        self.rsa = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.ec = ec.generate_private_key(ec.SECP256R1())
        self.discovery: dict[str, Any] = {}
        self.asked: list[str] = []
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.asked.append(self.path)
                found = issuer.documents().get(self.path)
                self.send_response(200 if found else 404)
                self.end_headers()
                self.wfile.write(json.dumps(found).encode())

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/realm"
        self.discovery = {"issuer": self.url, "jwks_uri": f"{self.url}/keys"}
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def documents(self) -> dict[str, Any]:
        rsa_key = json.loads(RSAAlgorithm.to_jwk(self.rsa.public_key()))
        ec_key = json.loads(ECAlgorithm.to_jwk(self.ec.public_key()))
        keys = [
            rsa_key | {"kid": "one", "use": "sig", "alg": "RS256"},
            ec_key | {"kid": "two", "use": "sig", "alg": "ES256"},
        ]
        return {
            "/realm/.well-known/openid-configuration": self.discovery,
            "/realm/keys": {"keys": keys},
        }

    def claims(self, **more: Any) -> dict[str, Any]:
        now = datetime.now(UTC)
        said = {"iss": self.url, "aud": AUDIENCE, "sub": "somebody", "roles": ["partner"]}
        return said | {"iat": now, "exp": now + timedelta(minutes=5)} | more

    def token(self, **more: Any) -> str:
        claims = {name: v for name, v in self.claims(**more).items() if v is not None}
        return jwt.encode(claims, self.rsa, "RS256", {"kid": "one"})

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def local() -> Iterator[LocalIssuer]:
    found = LocalIssuer()
    yield found
    found.close()


@pytest.fixture
def issuer(local: LocalIssuer) -> Issuer:
    return Issuer(local.url, AUDIENCE)


def test_token_gives_the_highest_role_that_it_names(local: LocalIssuer, issuer: Issuer) -> None:
    found = issuer.verify(local.token(roles=["partner", "verbund-coordinator", "cook"]))

    assert found is not None
    assert found.role is Role.COORDINATOR
    assert found.id.startswith("oidc-")
    assert "somebody" not in found.id


def test_other_public_key_algorithms_and_nested_claims_are_read(local: LocalIssuer) -> None:
    claims = local.claims(realm_access={"roles": ["admin"]})
    token = jwt.encode(claims, local.ec, "ES256", {"kid": "two"})

    found = Issuer(local.url, AUDIENCE, "realm_access.roles").verify(token)

    assert found is not None
    assert found.role is Role.ADMIN


PAST = datetime.now(UTC) - timedelta(minutes=2)
WRONG: dict[str, dict[str, Any]] = {
    "expired": {"exp": PAST},
    "without an end": {"exp": None},
    "not yet": {"nbf": datetime.now(UTC) + timedelta(hours=1)},
    "for somebody else": {"aud": "another"},
    "for nobody": {"aud": None},
    "from somebody else": {"iss": "https://example.org"},
    "of nobody": {"sub": None},
    "without a role": {"roles": None},
    "with another role": {"roles": ["anonymous", "cook"]},
    "with roles of a wrong kind": {"roles": {"admin": True}},
}


@pytest.mark.parametrize("more", WRONG.values(), ids=WRONG)
def test_wrong_token_is_refused(local: LocalIssuer, issuer: Issuer, more: dict[str, Any]) -> None:
    assert issuer.verify(local.token()) is not None
    assert issuer.verify(local.token(**more)) is None


def test_signature_must_be_by_a_published_key(local: LocalIssuer, issuer: Issuer) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    head, claims, _ = local.token().split(".")
    forged = [
        jwt.encode(local.claims(), stranger, "RS256", {"kid": "one"}),
        jwt.encode(local.claims(), stranger, "RS256", {"kid": "three"}),
        jwt.encode(local.claims(), "s" * 64, "HS256", {"kid": "one"}),
        jwt.encode(local.claims(), "", "none", {"kid": "one"}),
        f"{head}.{claims}.",
        "ey.ey.ey",
    ]

    assert [issuer.verify(token) for token in forged] == [None] * 6


def test_no_shared_secret_is_an_algorithm() -> None:
    """A public key must never be taken for the secret of an HMAC."""
    assert not [name for name in tokens._ALGORITHMS if name.startswith("HS") or name == "none"]


def test_keys_are_fetched_once(local: LocalIssuer, issuer: Issuer) -> None:
    for number in range(5):
        assert issuer.verify(local.token(sub=str(number)))
    assert local.asked == ["/realm/.well-known/openid-configuration", "/realm/keys"]


def test_verified_token_is_remembered_for_a_minute_and_never_beyond_its_end(
    local: LocalIssuer,
) -> None:
    now = datetime.now(UTC)
    issuer = Issuer(local.url, AUDIENCE, clock=lambda: now)
    long, short = local.token(), local.token(exp=now + timedelta(seconds=20))
    assert issuer.verify(long)
    assert issuer.verify(short)

    now += timedelta(seconds=30)
    assert issuer.remembered(long)
    assert issuer.remembered(short) is None
    now += timedelta(seconds=31)
    assert issuer.remembered(long) is None


def test_issuer_that_is_away_or_another_is_no_verdict(local: LocalIssuer) -> None:
    with pytest.raises(StoreUnavailableError, match="does not say what it is"):
        Issuer("http://127.0.0.1:9/nobody", AUDIENCE).verify(local.token())
    local.discovery["issuer"] = "https://example.org"
    with pytest.raises(StoreUnavailableError, match="another name"):
        Issuer(local.url, AUDIENCE).verify(local.token())
    local.discovery |= {"issuer": local.url, "jwks_uri": "http://example.org/keys"}
    with pytest.raises(StoreUnavailableError, match="does not say"):
        Issuer(local.url, AUDIENCE).verify(local.token())


@pytest.mark.parametrize("url", ["http://example.org", "file:///etc/passwd", "example.org", ""])
def test_issuer_is_reached_over_https(url: str) -> None:
    with pytest.raises(ParameterError, match="https"):
        Issuer(url, AUDIENCE)


def test_issuer_needs_an_audience(local: LocalIssuer) -> None:
    with pytest.raises(ParameterError, match="audience"):
        Issuer(local.url, "")


def test_our_keys_are_no_tokens() -> None:
    assert not looks_like_token(f"vb_aaaaaaaa_{'A' * 43}")
    assert looks_like_token("eyJ.eyJ.x")


def test_token_opens_what_its_role_may_see(
    local: LocalIssuer, fresh: Path, opened: Opened, bearer: Callable[[Path, Role], dict[str, str]]
) -> None:
    with opened(fresh, oidc_issuer=local.url, oidc_audience=AUDIENCE) as client:

        def status(token: str) -> int:
            sent = {"Authorization": f"Bearer {token}"}
            answer = client.get("/api/v1/keys", headers=sent)
            return int(answer.status_code)

        assert status(local.token(roles=["admin"])) == 200
        assert status(local.token(roles=["partner"])) == 403
        assert status(local.token(exp=PAST)) == 401
        assert client.get("/api/v1/keys", headers=bearer(fresh, Role.ADMIN)).status_code == 200
    lines = (fresh / "access" / "audit.jsonl").read_text(encoding="utf-8")
    assert '"token-used"' in lines
    assert '"token-refused"' in lines
    assert "somebody" not in lines
    assert "eyJ" not in lines  # how each token begins


def test_when_the_issuer_is_away_keys_go_on(
    local: LocalIssuer, fresh: Path, opened: Opened, bearer: Callable[[Path, Role], dict[str, str]]
) -> None:
    url, token = local.url, local.token()
    local.close()
    with opened(fresh, oidc_issuer=url, oidc_audience=AUDIENCE) as client:
        answer = client.get("/health", headers={"Authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert client.get("/health", headers=bearer(fresh, Role.PARTNER)).status_code == 200
