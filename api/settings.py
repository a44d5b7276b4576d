"""Settings, read from the environment (prefix ``VERBUND_``) when the application is made."""

from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_data_path
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.jobs.limits import JobLimits
from graph.federation import Federation
from graph.store.guard import GuardLimits
from graph.store.remote import Endpoint
from graph.store.runner import Lane, RunLimits

__all__ = ["Settings"]


class Settings(BaseSettings):
    """All settings; ``docs/settings.md`` describes each one (a test compares them)."""

    model_config = SettingsConfigDict(env_prefix="VERBUND_", frozen=True, extra="forbid")

    home: Annotated[Path, Field(description="Directory of the store")] = user_data_path("verbund")
    host: Annotated[str, Field(description="Address to listen on")] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535, description="TCP port to listen on")] = 8000
    public_url: Annotated[
        str, Field(description="Address under which others reach the server, empty: as asked")
    ] = ""
    contact: Annotated[
        str, Field(description="Mail or web address to tell of errors and barriers, shown on pages")
    ] = ""

    store_url: Annotated[
        str, Field(description="SPARQL address of a remote store to read, empty: the one in home")
    ] = ""
    store_update_url: Annotated[
        str, Field(description="Address of updates of the remote store, for `verbund push`")
    ] = ""
    store_user: Annotated[str, Field(description="Name at the remote store, empty: none")] = ""
    store_password: Annotated[
        SecretStr | None, Field(description="Password at the remote store")
    ] = None
    store_auth: Annotated[
        Literal["basic", "digest"], Field(description="How to log in there: basic or digest")
    ] = "basic"
    store_refresh_s: Annotated[
        float,
        Field(gt=0, description="After how long to look for a new version there, seconds"),
    ] = 5.0

    query_timeout_s: Annotated[
        float, Field(gt=0, description="Time the engine may work on one query, seconds")
    ] = 10.0
    delivery_timeout_s: Annotated[
        float, Field(gt=0, description="Time until a client has read a result, seconds")
    ] = 120.0
    query_memory_mib: Annotated[
        int, Field(ge=256, description="Memory of one query worker, MiB of address space")
    ] = 2048
    query_max_bytes: Annotated[int, Field(gt=0, description="Length of a query, bytes")] = 262_144
    query_max_depth: Annotated[int, Field(gt=0, description="Nesting of a query")] = 250
    result_max_bytes: Annotated[int, Field(gt=0, description="Length of a result, bytes")] = (
        268_435_456
    )
    service_endpoints: Annotated[
        str, Field(description="Endpoints that SERVICE may ask, with spaces between, empty: none")
    ] = ""
    service_max_rows: Annotated[
        int, Field(ge=1, description="Rows that one SERVICE of a query may have")
    ] = 10_000
    request_max_bytes: Annotated[
        int, Field(gt=0, description="Length of the body of a request, bytes")
    ] = 1_048_576
    page_workers: Annotated[
        int, Field(ge=1, le=64, description="Worker processes of catalogue and pages")
    ] = 2
    ad_hoc_workers: Annotated[
        int, Field(ge=1, le=64, description="Worker processes of queries at /sparql")
    ] = 4
    queue_length: Annotated[
        int, Field(ge=0, description="Queries that may wait for a worker, of each kind")
    ] = 32
    queue_wait_s: Annotated[float, Field(gt=0, description="How long a query waits, seconds")] = 5.0
    queries_per_client: Annotated[
        int, Field(ge=1, description="Queries one address may have at /sparql at the same time")
    ] = 8
    cache_mib: Annotated[
        int, Field(ge=0, description="Results kept for the same question again, MiB; 0: none")
    ] = 32
    warm_pages: Annotated[
        bool, Field(description="Make the main pages of a graph version before anybody asks")
    ] = True

    rate_per_s: Annotated[
        float,
        Field(ge=0, description="Requests one key or address may make a second; 0: no limit"),
    ] = 50.0
    rate_burst: Annotated[
        int, Field(ge=1, description="Requests that may come at once before that rate holds")
    ] = 1000
    key_tries_per_minute: Annotated[
        int, Field(ge=1, description="Keys one address may have verified a minute")
    ] = 30
    session_hours: Annotated[
        float, Field(gt=0, le=720, description="Time until a browser has to sign in again, hours")
    ] = 12.0
    oidc_issuer: Annotated[
        str, Field(description="OpenID Connect issuer whose tokens are taken, empty: none")
    ] = ""
    oidc_audience: Annotated[str, Field(description="What its tokens must be meant for")] = ""
    oidc_role_claim: Annotated[
        str, Field(description="Claim of its tokens that names roles, dots for nesting")
    ] = "roles"
    audit_max_mib: Annotated[
        int, Field(ge=1, description="Length of an audit file before the next begins, MiB")
    ] = 16
    write_timeout_s: Annotated[
        float, Field(gt=0, description="Time that one write may take, seconds")
    ] = 120.0
    write_memory_mib: Annotated[
        int, Field(ge=1024, description="Memory of one write, MiB of address space")
    ] = 4096

    jobs_running: Annotated[
        int, Field(ge=1, le=64, description="Jobs that run at the same time")
    ] = 1
    jobs_per_client: Annotated[
        int, Field(ge=1, description="Jobs of one key or address that wait or run")
    ] = 4
    job_timeout_s: Annotated[float, Field(gt=0, description="Time one job may run, seconds")] = (
        600.0
    )
    harvest_timeout_s: Annotated[
        float, Field(gt=0, description="Time that one harvest over HTTP may take, seconds")
    ] = 3600.0

    def guard_limits(self) -> GuardLimits:
        """Return how large a query may be."""
        return GuardLimits(max_bytes=self.query_max_bytes, max_depth=self.query_max_depth)

    def run_limits(self) -> RunLimits:
        """Return what one query and one kind of query may take."""
        return RunLimits(
            timeout_s=self.query_timeout_s,
            delivery_timeout_s=self.delivery_timeout_s,
            memory_bytes=self.query_memory_mib * 1024**2,
            result_max_bytes=self.result_max_bytes,
            workers={Lane.CATALOGUE: self.page_workers, Lane.AD_HOC: self.ad_hoc_workers},
            waiting=self.queue_length,
            wait_s=self.queue_wait_s,
            per_client=self.queries_per_client,
            cache_bytes=self.cache_mib * 1024**2,
        )

    def job_limits(self) -> JobLimits:
        """Return how much long work there may be."""
        return JobLimits(
            running=self.jobs_running,
            per_client=self.jobs_per_client,
            time_s=self.job_timeout_s,
            memory_bytes=self.write_memory_mib * 1024**2,
        )

    def federation(self) -> Federation:
        """Return what answers SERVICE.

        Raises:
            ParameterError: An endpoint is no web address.
        """
        return Federation(
            self.service_endpoints.split(),
            timeout_s=self.query_timeout_s,
            max_rows=self.service_max_rows,
        )

    def endpoint(self) -> Endpoint:
        """Return the remote store."""
        return Endpoint(
            url=self.store_url,
            update_url=self.store_update_url,
            user=self.store_user,
            password=self.store_password.get_secret_value() if self.store_password else "",
            is_digest=self.store_auth == "digest",
            timeout_s=self.query_timeout_s,
            result_max_bytes=self.result_max_bytes,
        )
