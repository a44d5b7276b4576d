"""Data of partners: fetched, mapped, validated, compared, and published when it may be."""

from graph.harvest.accepting import accept, is_published_at_once, reject, settled
from graph.harvest.describing import (
    NEW,
    describe,
    description_of,
    description_tag,
    forget,
    parse_description,
)
from graph.harvest.reports import (
    Report,
    State,
    is_running,
    progress_of,
    read_report,
    read_staging,
    sources_folder,
)
from graph.harvest.running import due, harvest
from graph.harvest.sources import Kind, Publication, Source, read_source, read_sources

__all__ = [
    "NEW",
    "Kind",
    "Publication",
    "Report",
    "Source",
    "State",
    "accept",
    "describe",
    "description_of",
    "description_tag",
    "due",
    "forget",
    "harvest",
    "is_published_at_once",
    "is_running",
    "parse_description",
    "progress_of",
    "read_report",
    "read_source",
    "read_sources",
    "read_staging",
    "reject",
    "settled",
    "sources_folder",
]
