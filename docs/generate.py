"""Pages about the ontology, made from its files: a diagram and a page with every term.

``python docs/generate.py diagram`` prints ``docs/diagram.md``, which is committed; a test keeps it
in step with the shapes. ``python docs/generate.py terms OUT`` writes ``OUT/terms.html``, which is
not committed. pyLODE 3.2 on PyPI cannot be imported (its wheel lacks the pyproject.toml that it
reads), and it shows neither shapes nor queries; so this is our own page of a few lines.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, select_autoescape
from rdflib import DCTERMS, OWL, RDF, RDFS, SH, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from graph.resources import ontology_texts, query_texts, shape_texts
from graph.validation import shapes_graph
from graph.vocabulary import PREFIXES, VB

__all__ = ["diagram", "terms_page"]

ORGANISATION = URIRef("http://www.w3.org/ns/org#Organization")
TITLES = {
    "organisation": "Organisations",
    "capability": "Competence and claim",
    "ties": "Ties",
    "demand": "Demand and answer",
    "funding": "Funding",
}

TEMPLATE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title.en }}: terms</title>
<style>
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
    color-scheme: light dark; }
  section { border-top: 1px solid; margin-top: 1.5rem; }
  code { overflow-wrap: anywhere; }
  dt { font-weight: 600; }
  nav ul { columns: 14rem; padding-left: 1rem; }
</style>
<h1>{{ title.en }}</h1>
<p lang="de">{{ title.de }}</p>
<p>Version {{ version }}. Namespace <code>{{ namespace }}</code>, prefix <code>vb:</code>.</p>
{% for kind, terms in kinds.items() -%}
<h2>{{ kind }}</h2>
<nav aria-label="{{ kind }}"><ul>
{%- for term in terms %}<li><a href="#{{ term.name }}">{{ term.name }}</a></li>{% endfor -%}
</ul></nav>
{% for term in terms -%}
<section id="{{ term.name }}">
  <h3>{{ term.name }}</h3>
  <p><code>{{ term.iri }}</code></p>
  {% if term.is_deprecated %}<p><strong>deprecated</strong></p>{% endif %}
  <p>{{ term.label.en }} · <span lang="de">{{ term.label.de }}</span></p>
  <p>{{ term.definition.en }}</p>
  <p lang="de">{{ term.definition.de }}</p>
  <dl>
  {%- for name, values in term.links.items() if values %}
    <dt>{{ name }}</dt><dd>{{ values | join(", ") }}</dd>
  {%- endfor %}
  </dl>
</section>
{% endfor %}{% endfor -%}
</html>
"""


def short(term: Node) -> str:
    """Write an IRI with its prefix where it has one."""
    for prefix, namespace in PREFIXES.items():
        if str(term).startswith(namespace):
            return f"{prefix}:{str(term).removeprefix(namespace)}"
    return str(term)


def ontology() -> Graph:
    """Return the core and the restated external axioms."""
    graph = Graph()
    for name, text in ontology_texts():
        if "/" not in name:
            graph.parse(data=text, format="turtle")
    return graph


def edges(shapes: Graph, classes: Graph) -> Iterator[tuple[str, str, str, str]]:
    """Yield class, property, class and multiplicity of each link that a shape demands."""
    for shape, start in shapes.subject_objects(SH.targetClass):
        is_organisation = ORGANISATION in classes.transitive_objects(start, RDFS.subClassOf)
        shown = ORGANISATION if is_organisation and start != VB.Project else start
        for part in shapes.objects(shape, SH.property):
            path, end = shapes.value(part, SH.path), shapes.value(part, SH["class"])
            if isinstance(path, URIRef) and end is not None:
                least = shapes.value(part, SH.minCount) or 0
                most = shapes.value(part, SH.maxCount) or "*"
                count = f"{least}" if str(least) == str(most) else f"{least}..{most}"
                yield name(shown), short(path), name(end), count


def name(term: Node) -> str:
    """Write a class in a way that Mermaid takes."""
    return re.sub(r"\W", "_", re.sub(r"^vb:", "", short(term)))


def diagram() -> str:
    """Return ``docs/diagram.md``: for each profile of shapes a Mermaid class diagram."""
    classes = ontology()
    lines = [
        "# The model as diagrams",
        "",
        "Made from `shapes/` by `python docs/generate.py diagram`; do not edit. An arrow is a",
        "property whose value a shape demands to be of that class, with how many there may be.",
    ]
    texts = dict(shape_texts())
    for profile, title in TITLES.items():
        found = sorted(set(edges(Graph().parse(data=texts[profile], format="turtle"), classes)))
        lines += ["", f"## {title}", "", "```mermaid", "classDiagram", "  direction LR"]
        # a second colon would end the label
        labels = (path.removeprefix("vb:").replace(":", "_") for _, path, _, _ in found)
        lines += [
            f'  {start} --> "{count}" {end} : {label}'
            for (start, _, end, count), label in zip(found, labels, strict=True)
        ]
        lines.append("```")
    return "\n".join(lines) + "\n"


def uses() -> dict[str, dict[str, set[str]]]:
    """Return for each of our terms the shapes, rules and queries that name it."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    texts = [("Shapes", shape, text) for shape, text in shape_texts()]
    for folder, shown in (("rules", "Rules"), ("checks", "Checks"), ("catalogue", "Queries")):
        texts += [(shown, query, text) for query, text in query_texts(folder)]
    for kind, file, text in texts:
        for term in re.findall(r"\bvb:([A-Za-z0-9]+)", text):
            found[term][kind].add(file)
    return found


def in_languages(graph: Graph, subject: Node, predicate: URIRef) -> dict[str, str]:
    """Return texts by language tag."""
    texts = graph.objects(subject, predicate)
    return {str(text.language): str(text) for text in texts if isinstance(text, Literal)}


def terms_page() -> str:
    """Return the page with every term of the core, as HTML."""
    graph, used = ontology(), uses()
    ranges = defaultdict(set)
    for start, path, end, count in edges(shapes_graph(), graph):
        ranges[path.removeprefix("vb:")].add(f"{start} → {end} ({count})")
    kinds = {
        "Classes": OWL.Class,
        "Object properties": OWL.ObjectProperty,
        "Datatype properties": OWL.DatatypeProperty,
    }
    (document,) = graph.subjects(RDF.type, OWL.Ontology)
    environment = Environment(autoescape=select_autoescape(default=True), trim_blocks=True)
    return environment.from_string(TEMPLATE).render(
        title=in_languages(graph, document, DCTERMS.title),
        version=graph.value(document, OWL.versionInfo),
        namespace=str(VB),
        kinds={title: list(terms(graph, kind, ranges, used)) for title, kind in kinds.items()},
    )


def terms(
    graph: Graph,
    kind: URIRef,
    ranges: dict[str, set[str]],
    used: dict[str, dict[str, set[str]]],
) -> Iterator[dict[str, object]]:
    """Yield what the page says of each of our terms of a kind, sorted."""
    for term in sorted(set(graph.subjects(RDF.type, kind)), key=str):
        if not str(term).startswith(str(VB)):
            continue
        local = str(term).removeprefix(str(VB))
        above = [*graph.objects(term, RDFS.subClassOf), *graph.objects(term, RDFS.subPropertyOf)]
        yield {
            "name": local,
            "iri": str(term),
            "label": in_languages(graph, term, RDFS.label),
            "definition": in_languages(graph, term, SKOS.definition),
            "is_deprecated": (term, OWL.deprecated, Literal(True)) in graph,
            "links": {
                "Below": sorted(map(short, above)),
                "Links": sorted(ranges[local]),
                "Taken from": sorted(map(str, graph.objects(term, DCTERMS.source))),
                **{kind: sorted(files) for kind, files in sorted(used[local].items())},
            },
        }


def main(arguments: list[str]) -> None:
    """Write what is asked for."""
    match arguments:
        case ["diagram"]:
            sys.stdout.write(diagram())
        case ["terms", folder]:
            Path(folder).mkdir(parents=True, exist_ok=True)
            (Path(folder) / "terms.html").write_text(terms_page(), encoding="utf-8")
        case _:
            raise SystemExit("usage: generate.py diagram | generate.py terms FOLDER")


if __name__ == "__main__":
    main(sys.argv[1:])
