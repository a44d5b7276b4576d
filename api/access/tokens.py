"""Access tokens of an OpenID Connect issuer, read as roles of this house.

A token is a signed JWT (RFC 7519, RFC 9068). Its issuer is named in the settings; its keys are
found where the issuer says (OpenID Connect Discovery 1.0, 4) and kept for some minutes. Only
signatures with a public key are taken, so that no secret of the issuer is needed here and a token
cannot choose to be unsigned.

Who is behind a token is nobody's business here: logs and limits know a digest of its subject.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from api.access.roles import Role
from graph.errors import ParameterError, StoreUnavailableError

if TYPE_CHECKING:
    import jwt

__all__ = ["Bearer", "Issuer", "looks_like_token"]

_ALGORITHMS: Final = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "EdDSA",
)
_LEEWAY_S: Final = 30
_KEPT_S: Final = 60.0
_MOST_KEPT: Final = 4096
_LONGEST: Final = 16_384
_LONGEST_DOCUMENT: Final = 1_048_576
_LOOPBACK: Final = frozenset(("127.0.0.1", "::1", "localhost"))


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom a token speaks for.

    Attributes:
        id: ``oidc-`` and 16 digits of a digest of issuer and subject.
        role: The highest role that the token gives.
        expires_at: When the token ends.
    """

    id: str
    role: Role
    expires_at: datetime


def looks_like_token(text: str) -> bool:
    """Tell whether a text has the form of a signed JWT."""
    return len(text) <= _LONGEST and text.count(".") == 2 and text.startswith("ey")


class _NoRedirect(HTTPRedirectHandler):
    """An issuer that sends elsewhere is not followed."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class Issuer:
    """What verifies the tokens of one issuer."""

    def __init__(
        self,
        url: str,
        audience: str,
        role_claim: str = "roles",
        *,
        timeout_s: float = 5.0,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        """Name the issuer; it is asked at the first token.

        Args:
            url: Its identifier, as ``iss`` in its tokens.
            audience: What ``aud`` of a token must hold.
            role_claim: Claim with the names of roles, dots for nesting
                (``realm_access.roles``); a value may have ``verbund-`` in front.
            timeout_s: Seconds that it may take to answer.
            clock: What tells the time.

        Raises:
            ParameterError: The address is not one of HTTPS (HTTP on the loopback is taken), there
                is no audience, or the extra ``oidc`` is not installed.
        """
        _require_safe(url)
        if not audience:
            raise ParameterError("settings", "oidc_audience", "is missing")
        try:
            import jwt
        except ImportError:
            needed = "needs the extra: pip install verbund[oidc]"
            raise ParameterError("settings", "oidc_issuer", needed) from None
        self._url = url
        self._audience = audience
        self._claim = role_claim.split(".")
        self._timeout_s = timeout_s
        self._clock = clock or (lambda: datetime.now(UTC))
        self._keys: jwt.PyJWKClient | None = None
        self._fitted: dict[bytes, tuple[Bearer, datetime]] = {}
        self._lock = Lock()

    def remembered(self, token: str) -> Bearer | None:
        """Return whom a token speaks for that fitted a moment ago; a few microseconds."""
        found = self._fitted.get(_digest(token))
        if found is None:
            return None
        bearer, until = found
        return bearer if self._clock() < min(until, bearer.expires_at) else None

    def verify(self, token: str) -> Bearer | None:
        """Return whom a token speaks for, or ``None`` when it is not valid or gives no role.

        Raises:
            StoreUnavailableError: The issuer does not say which keys it has.
        """
        if found := self.remembered(token):
            return found
        claims = self._claims(token)
        role = self._role(claims) if claims else None
        if claims is None or role is None:
            return None
        name = _digest(f"{self._url}\n{claims['sub']}").hex()[:16]
        ends = datetime.fromtimestamp(claims["exp"], UTC)
        bearer = Bearer(f"oidc-{name}", role, ends)
        self._remember(token, bearer)
        return bearer

    def _remember(self, token: str, bearer: Bearer) -> None:
        now = self._clock()
        with self._lock:
            kept = {t: f for t, f in self._fitted.items() if now < f[1]}
            if len(kept) >= _MOST_KEPT:
                kept.clear()
            kept[_digest(token)] = (bearer, now + timedelta(seconds=_KEPT_S))
            self._fitted = kept

    def _claims(self, token: str) -> dict[str, Any] | None:
        import jwt

        try:
            key = self._client().get_signing_key_from_jwt(token)
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=list(_ALGORITHMS),
                audience=self._audience,
                issuer=self._url,
                leeway=_LEEWAY_S,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
        except jwt.PyJWKClientConnectionError as error:
            raise StoreUnavailableError("the issuer of tokens does not answer") from error
        except (jwt.PyJWTError, ValueError):
            return None  # whatever is wrong with it, it is refused in the same words
        return claims

    def _client(self) -> "jwt.PyJWKClient":
        """Return what knows the keys; the issuer says once where they are.

        Raises:
            StoreUnavailableError: It does not, or says something else.
        """
        import jwt

        with self._lock:
            if self._keys is None:
                address = self._discovered()
                self._keys = jwt.PyJWKClient(address, timeout=int(self._timeout_s) or 1)
            return self._keys

    def _discovered(self) -> str:
        address = f"{self._url.rstrip('/')}/.well-known/openid-configuration"
        try:
            opened = build_opener(_NoRedirect).open(
                Request(address, headers={"Accept": "application/json"}),  # noqa: S310 - checked
                timeout=self._timeout_s,
            )
            with opened as answer:
                said = json.loads(answer.read(_LONGEST_DOCUMENT))
            if said["issuer"] != self._url:
                raise StoreUnavailableError("the issuer of tokens calls itself by another name")
            _require_safe(keys := str(said["jwks_uri"]))
        except (OSError, ValueError, KeyError, TypeError, ParameterError) as error:
            raise StoreUnavailableError("the issuer of tokens does not say what it is") from error
        return keys

    def _role(self, claims: dict[str, Any]) -> Role | None:
        """Return the highest role that claims give."""
        said: Any = claims
        for name in self._claim:
            said = said.get(name) if isinstance(said, dict) else None
        names = [said] if isinstance(said, str) else said if isinstance(said, list) else []
        plain = {str(name).removeprefix("verbund-") for name in names}
        given = [role for role in Role if role is not Role.ANONYMOUS and role.value in plain]
        return given[-1] if given else None


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


def _require_safe(url: str) -> None:
    """Check that an address can be trusted to be whom it names.

    Raises:
        ParameterError: It is not.
    """
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme == "http" and parts.hostname in _LOOPBACK:
        return
    raise ParameterError("settings", "oidc_issuer", "must be an address that begins with https://")
