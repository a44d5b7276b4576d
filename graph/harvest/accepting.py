"""Publishing what is staged, or not, and keeping who decided that and when.

What is published is the harvest without the things that break a rule; those are left out by name,
whoever accepts it, because a shape that can be overruled protects nobody. The writer of the house
validates all of it once more, against the graph of that moment.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pyoxigraph as ox
from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, PROV, RDF, RDFS, XSD

from graph.errors import NothingStagedError
from graph.harvest.reports import (
    Report,
    State,
    harvesting,
    read_report,
    read_staging,
    sources_folder,
    staging_graph,
    write_report,
)
from graph.harvest.sources import Publication, Source, read_source
from graph.records import Triple
from graph.store.terms import to_engine
from graph.visibility import META, POLICY
from graph.vocabulary import ID, VB
from graph.writing import Description, Kind, Write, described_by

__all__ = ["accept", "is_described_anew", "is_published_at_once", "reject", "settled"]

_N_TRIPLES = "application/n-triples"


def is_published_at_once(home: Path, report: Report) -> bool:
    """Tell whether a harvest needs nobody: it changes something, and its source lets it pass."""
    source = read_source(sources_folder(home), report.source)
    waits = report.state is not State.WAITING or source.publication is Publication.ACCEPTED
    return report.conforms and not waits


def accept(
    home: Path, name: str, digest: str, *, by_person: bool = True, now: datetime | None = None
) -> Write:
    """Return the change that publishes what is staged; call :func:`settled` when it is done.

    Args:
        home: Directory of the store.
        name: Name of the source.
        digest: What was looked at, :attr:`graph.harvest.reports.Report.digest`.
        by_person: A coordinator has accepted it; else it has passed all rules by itself.
        now: Time to note.

    Raises:
        UnknownSourceError: The source is not described.
        NothingStagedError: Nothing is waiting, or something else than was looked at.
    """
    source = read_source(sources_folder(home), name)
    report = _waiting(home, name, digest)
    # each line ends with the graph of what is staged; a line break in a literal is written as \\n
    staged = read_staging(home, report).replace(f" <{staging_graph(name)}> .\n", " .\n")
    if not staged:
        return Write(Kind.DELETE, graph=str(source.graph.iri))
    lines = [
        f"{' '.join(str(to_engine(term)) for term in triple)} .\n"
        for triple in _record(source, report, by_person=by_person, now=now or datetime.now(UTC))
    ]
    said, graph = _description(source), str(source.graph.iri)
    return Write(Kind.PUT, "".join([staged, *lines]), graph, _N_TRIPLES, description=said)


def _description(source: Source) -> Description:
    title, responsible = dict(source.graph.title), source.attributed_to
    return Description(title, source.visibility, source.licence, responsible, source.policies)


def is_described_anew(engine: ox.Store, source: Source) -> bool:
    """Tell whether the graph of a source is published with another description.

    Args:
        engine: The generation, seen with the widest visibility.
        source: The source as it is described now.
    """
    name = ox.NamedNode(str(source.graph.iri))
    wanted = set(described_by(_description(source)))
    asked = {predicate for predicate, _ in wanted} | {POLICY}
    quads = engine.quads_for_pattern(name, None, None, META)
    said = {(quad.predicate, quad.object) for quad in quads if quad.predicate in asked}
    return bool(said) and said != wanted


def _waiting(home: Path, name: str, digest: str) -> Report:
    report = read_report(home, name)
    if report is None or report.state is not State.WAITING:
        raise NothingStagedError(name, "no harvest is waiting")
    if report.digest != digest:
        raise NothingStagedError(name, "another harvest is waiting than the one looked at")
    return report


def _record(source: Source, report: Report, *, by_person: bool, now: datetime) -> list[Triple]:
    """Return where the statements of a graph come from and who let them in (PROV-O)."""
    run = ID[f"harvest-{source.name}-{report.digest[:16]}"]
    found: list[Triple] = [
        (source.graph.iri, PROV.wasGeneratedBy, run),
        (run, RDF.type, PROV.Activity),
        (run, RDFS.label, Literal(f"Ernte der Quelle {source.name}", lang="de")),
        (run, RDFS.label, Literal(f"harvest of the source {source.name}", lang="en")),
        (run, PROV.startedAtTime, Literal(report.run_at, datatype=XSD.dateTime)),
        (run, PROV.endedAtTime, Literal(report.ended_at, datatype=XSD.dateTime)),
    ]
    settings = {
        "added": report.added,
        "kind": source.kind.value,
        "left_out": report.left_out_counted,
        "organisation_kind": source.organisation_kind,
        "removed": report.removed,
        "trusts_weak_links": source.trusts_weak_links,
    }
    found += [
        (run, VB.graphVersion, Literal(report.version)),
        (run, VB.parameters, Literal(json.dumps(settings, sort_keys=True))),
        (run, VB.softwareVersion, Literal(version("verbund"))),
    ]
    found += [(run, PROV.used, URIRef(one)) for one in _addresses(source, report)]
    return [*found, *_acceptance(run, report, now)] if by_person else found


def _addresses(source: Source, report: Report) -> list[str]:
    return sorted({one.address for one in report.documents} or set(source.addresses))


def _acceptance(run: URIRef, report: Report, now: datetime) -> list[Triple]:
    node = ID[str(run).removeprefix(str(ID)).replace("harvest-", "acceptance-", 1)]
    out, warnings = report.left_out_counted, report.findings_counted.get("Warning", 0)
    time = Literal(now.isoformat(timespec="seconds"), datatype=XSD.dateTime)
    german = f"Von der Koordinierung angenommen; {out} Dinge ausgelassen, {warnings} Warnungen."
    english = f"Accepted by the coordination; {out} things left out, {warnings} warnings."
    return [
        (run, PROV.wasInformedBy, node),
        (node, RDF.type, PROV.Activity),
        (node, RDFS.label, Literal("Annahme", lang="de")),
        (node, RDFS.label, Literal("acceptance", lang="en")),
        (node, DCTERMS.description, Literal(german, lang="de")),
        (node, DCTERMS.description, Literal(english, lang="en")),
        (node, PROV.startedAtTime, time),
        (node, PROV.wasAssociatedWith, ID["agent-coordination"]),
        (ID["agent-coordination"], RDF.type, PROV.Agent),
        (ID["agent-coordination"], RDFS.label, Literal("Koordinierung", lang="de")),
        (ID["agent-coordination"], RDFS.label, Literal("coordination", lang="en")),
    ]


def settled(home: Path, name: str, digest: str, *, now: datetime | None = None) -> Report:
    """Note that the change of :func:`accept` is done; a harvest since then is left alone."""
    return _settle(home, name, digest, State.PUBLISHED, now)


def reject(home: Path, name: str, digest: str, *, now: datetime | None = None) -> Report:
    """Note that what is staged will not be published.

    Raises:
        UnknownSourceError: The source is not described.
        NothingStagedError: Nothing is waiting, or something else than was looked at.
    """
    read_source(sources_folder(home), name)
    _waiting(home, name, digest)
    return _settle(home, name, digest, State.REJECTED, now)


def _settle(home: Path, name: str, digest: str, state: State, now: datetime | None) -> Report:
    time = (now or datetime.now(UTC)).isoformat(timespec="seconds")
    with harvesting(home, name) as folder:
        report = _waiting(home, name, digest)
        made = replace(report, state=state, settled_at=time)
        write_report(folder, made)
        return made
