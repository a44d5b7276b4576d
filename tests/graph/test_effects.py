"""What an update would change is what it changes."""

import pyoxigraph as ox
import pytest

from graph.effects import effects_of, run_update

G, H = "<http://x/g>", "<http://x/h>"
DATA = f"""
GRAPH {G} {{ <http://x/a> <http://x/p> 1 , "zwei"@de ; <http://x/q> <http://x/b> . }}
GRAPH {H} {{ <http://x/b> <http://x/p> 3 . }}
<http://x/a> <http://x/p> 1 , "zwei"@de ; <http://x/q> <http://x/b> . <http://x/b> <http://x/p> 3 .
"""
TOLD = [
    f"INSERT DATA {{ GRAPH {G} {{ <http://x/c> <http://x/p> 01 , 1.50 , true }} }}",
    f"INSERT DATA {{ graph {G} {{ <http://x/a> <http://x/p> 1 }} }} ;",
    f"DELETE DATA {{ GRAPH {G} {{ <http://x/a> <http://x/p> 1 }} }} ; "
    f"INSERT DATA {{ GRAPH {G} {{ <http://x/a> <http://x/p> 1 , 2 }} }}",
    f"PREFIX x: <http://x/> DELETE WHERE {{ GRAPH {G} {{ x:a ?p ?o }} }}",
    f"DELETE {{ GRAPH {G} {{ ?s ?p ?o }} }} INSERT {{ GRAPH {G} {{ ?s ?p 7 }} }} "
    f"WHERE {{ GRAPH {G} {{ ?s ?p ?o }} FILTER(isLiteral(?o)) }}",
    f"INSERT {{ GRAPH {H} {{ ?o ?p ?s . ?s ?p ?none }} }} WHERE {{ ?s ?p ?o }}",
    "INSERT { GRAPH ?g { ?s <http://x/n> ?n } } "
    "WHERE { { SELECT ?g ?s (COUNT(?o) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ?s } }",
    f"INSERT {{ GRAPH {G} {{ <http://x/a> a <http://x/K> }} }} WHERE {{ }}",
    f"INSERT {{ GRAPH {G} {{ <http://x/a> a <http://x/K> }} }} WHERE {{ <http://x/z> ?p ?o }}",
    f"INSERT {{ GRAPH {G} {{ <relative> a <http://x/K> }} }} WHERE {{ }}",
]
LEFT = [
    f"WITH {G} DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}",
    f"INSERT {{ GRAPH {G} {{ ?s ?p [] }} }} WHERE {{ ?s ?p ?o }}",
    f"INSERT {{ GRAPH {G} {{ ?s ?p 1 }} }} USING {H} WHERE {{ ?s ?p ?o }}",
    f"CLEAR GRAPH {G}",
    f"INSERT DATA {{ GRAPH {G} {{ <http://x/c> a <http://x/K> }} }} ; "
    f"DELETE {{ GRAPH {G} {{ ?s ?p ?o }} }} WHERE {{ GRAPH {G} {{ ?s ?p ?o }} }}",
    f"INSERT {{ GRAPH {G} {{ ?s ?p ?o }} }} WHERE {{ ?s ?p ?o FILTER(\\u0074rue) }}",
]


@pytest.fixture
def store() -> ox.Store:
    found = ox.Store()
    run_update(found, f"INSERT DATA {{ {DATA} }}")
    return found


@pytest.mark.parametrize("text", TOLD)
def test_told_beforehand(text: str, store: ox.Store) -> None:
    before = set(store)

    effects = effects_of(text, store)

    assert set(store) == before
    assert effects is not None
    now = set(before)
    for effect in effects:
        now = now | effect.quads if effect.is_added else now - effect.quads
    run_update(store, text)
    assert now == set(store)


@pytest.mark.parametrize("text", LEFT)
def test_left_to_a_copy(text: str, store: ox.Store) -> None:
    assert effects_of(text, store) is None


def test_nameless_node_of_the_graph_is_left_to_a_copy(store: ox.Store) -> None:
    run_update(store, f"INSERT DATA {{ GRAPH {G} {{ [] <http://x/p> 1 }} }}")

    assert effects_of(f"DELETE WHERE {{ GRAPH {G} {{ ?s ?p ?o }} }}", store) is None
