"""Asking servers of others: only allowed hosts, only public addresses, also after redirects.

The name of a host is looked up once for each connection, every address it has is checked, and
the connection goes to an address that was checked. So a name that changes its address between
look and use gains nothing (DNS rebinding).
"""

import http.client
import ipaddress
import socket
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from typing import IO, Any
from urllib.parse import urlsplit

from graph.errors import SourceRefusedError
from graph.harvest.sources import Source

__all__ = ["Policy", "opener_for"]

_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Policy:
    """Whom a harvest may ask.

    Attributes:
        hosts: The only hosts, in small letters.
        allows_private: Addresses of private networks and of this machine are allowed.
    """

    hosts: frozenset[str]
    allows_private: bool = False

    @classmethod
    def of(cls, source: Source) -> "Policy":
        """Return the policy of a source."""
        return cls(source.allowed_hosts, source.allows_private_addresses)

    def require(self, url: str) -> None:
        """Check an address before it is asked.

        Raises:
            SourceRefusedError: It is not ``http`` or ``https``, names a user, or another host.
        """
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname or "", parts.port
        except ValueError as error:
            raise SourceRefusedError(url, f"is no web address: {error}") from error
        if parts.scheme not in ("http", "https"):
            raise SourceRefusedError(url, "only http and https are asked")
        if parts.username is not None or parts.password is not None:
            raise SourceRefusedError(url, "an address with user or password is not asked")
        if host.lower() not in self.hosts:
            raise SourceRefusedError(url, f"the host {host!r} is not among the hosts of the source")

    def require_public(self, host: str, address: str) -> None:
        """Check what a host name leads to.

        Raises:
            SourceRefusedError: It leads into a private network and may not.
        """
        if not (self.allows_private or is_public(address)):
            raise SourceRefusedError(host, f"leads to {address}, which is no public address")


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the public internet."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inside = found.ipv4_mapped or found.sixtofour
        if inside is not None:
            return is_public(str(inside))
        if found in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF)))
    return found.is_global and not found.is_multicast


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def opener_for(policy: Policy) -> urllib.request.OpenerDirector:
    """Return what opens addresses as a policy allows: no proxy, no files, no other schemes."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        _Http(policy),
        _Https(policy),
        _Redirects(policy),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    opener.addheaders = [("User-agent", "verbund")]
    return opener


def _connected(policy: Policy, address: tuple[str, int], timeout: Any, source: Any) -> Any:
    """Open a connection to a checked address of a host."""
    host, port = address
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(one[4][0]) for one in found]
    for one in addresses:
        policy.require_public(host, one)
    failure: OSError = OSError(f"{host} has no address")
    for one in addresses:
        try:
            return socket.create_connection((one, port), timeout, source)
        except OSError as error:
            failure = error
    raise failure


class _Checked(http.client.HTTPConnection):
    """A connection whose address is checked when it is made."""

    def __init__(self, host: str, policy: Policy, **more: Any) -> None:
        super().__init__(host, **more)
        # where http.client itself connects, so that TLS and time limits stay its own
        self._create_connection = lambda *a: _connected(policy, *a)


class _CheckedTls(http.client.HTTPSConnection):
    """The same over TLS; the certificate is that of the name, not of the address."""

    def __init__(self, host: str, policy: Policy, **more: Any) -> None:
        super().__init__(host, **more)
        self._create_connection = lambda *a: _connected(policy, *a)


class _Http(urllib.request.HTTPHandler):
    def __init__(self, policy: Policy) -> None:
        super().__init__()
        self._policy = policy

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        self._policy.require(req.full_url)
        return self.do_open(_Checked, req, policy=self._policy)  # type: ignore[arg-type]


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, policy: Policy) -> None:
        super().__init__()
        self._policy = policy

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        self._policy.require(req.full_url)
        return self.do_open(_CheckedTls, req, policy=self._policy)  # type: ignore[arg-type]


class _Redirects(urllib.request.HTTPRedirectHandler):
    max_redirections = _REDIRECTS

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Message | Mapping[str, str],
        newurl: str,
    ) -> urllib.request.Request | None:
        self._policy.require(newurl)
        if req.full_url.startswith("https:") and not newurl.startswith("https:"):
            raise SourceRefusedError(newurl, "a redirect from https to http is not followed")
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]
