"""The form asks what the shapes check, and nothing that the house decides."""

import pytest
from rdflib import SH, Graph, URIRef

from graph.profiles import Field, FieldKind, Form, Section, form_of
from graph.profiles import outline as outlining
from graph.resources import shape_texts
from graph.store import EmbeddedStore
from graph.vocabulary import SHAPE, VB


def section(form: Form, name: str) -> Section:
    found = form.section(name)
    assert found is not None
    return found


def field(form: Form, name: str, field_name: str) -> Field:
    return next(f for f in section(form, name).fields if f.name == field_name)


def test_sections_and_fields(form: Form) -> None:
    assert {s.name: {f.name for f in s.fields} for s in form.sections} == {
        "organisation": {
            *("type", "prefLabel", "classification", "source", "homepage", "productKeyword"),
        },
        "site": {"town", "district", "lat", "long", "positionAccuracy"},
        "employees": {"value", "evidenceYear", "source"},
        "claim": {
            *("competence", "statedTerm", "valueChainStep", "material", "source", "detail"),
            *("evidenceYear", "validFrom", "validThrough"),
        },
        "certificate": {
            *("certificateType", "prefLabel", "source", "validFrom", "validThrough"),
        },
    }


@pytest.mark.parametrize(
    ("name", "field_name", "kind", "required", "repeatable"),
    [
        ("organisation", "type", FieldKind.CHOICE, True, False),
        ("organisation", "prefLabel", FieldKind.TEXT, True, False),
        ("organisation", "homepage", FieldKind.ADDRESS, False, True),
        ("organisation", "productKeyword", FieldKind.TEXT, False, True),
        ("site", "lat", FieldKind.DECIMAL, False, False),
        ("employees", "value", FieldKind.INTEGER, True, False),
        ("employees", "evidenceYear", FieldKind.YEAR, False, False),
        ("claim", "competence", FieldKind.CHOICE, True, False),
        ("claim", "valueChainStep", FieldKind.CHOICE, True, True),
        ("claim", "evidenceYear", FieldKind.YEAR, False, False),
        ("claim", "validThrough", FieldKind.DATE, False, False),
        ("certificate", "validThrough", FieldKind.DATE, False, False),
    ],
)
def test_kind_and_cardinality_come_from_the_shapes(
    form: Form, name: str, field_name: str, kind: FieldKind, required: bool, repeatable: bool
) -> None:
    found = field(form, name, field_name)

    assert (found.kind, found.is_required, found.is_repeatable) == (kind, required, repeatable)


def test_allowed_values_are_those_of_the_graph(form: Form) -> None:
    options = {o.label["de"]: o.label["en"] for o in field(form, "claim", "competence").options}
    assert options == {"Drehen": "turning", "Fräsen": "milling", "Schneiden": "cutting"}

    kinds = {o.iri for o in field(form, "organisation", "type").options}
    assert str(VB.Company) in kinds
    assert len(kinds) == 6


def test_bounds_and_patterns_come_from_the_shapes(form: Form) -> None:
    latitude = field(form, "site", "lat")
    assert (latitude.minimum, latitude.maximum) == ("-90.0", "90.0")
    assert field(form, "organisation", "homepage").pattern.startswith("^https?://")
    assert field(form, "organisation", "productKeyword").min_length == 2


def test_every_field_has_its_words_in_both_languages(form: Form) -> None:
    for found in form.sections:
        assert found.label.keys() == {"de", "en"}, found.name
        for asked in found.fields:
            assert asked.label.keys() == {"de", "en"}, asked.path
            for message in (asked.messages or {}).values():
                assert message.keys() == {"de", "en"}, asked.path
            for option in asked.options:
                assert option.label.keys() == {"de", "en"}, option.iri


def test_messages_are_those_of_the_shapes(form: Form) -> None:
    messages = field(form, "claim", "competence").messages
    assert messages is not None
    assert messages["claim-competence"]["en"].startswith("The claim needs exactly one competence")


def test_a_changed_shape_changes_the_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two terms for a claim, and none needed: the form would ask so at once."""
    shapes = Graph()
    for _, text in shape_texts():
        shapes.parse(data=text, format="turtle")
    term = URIRef(SHAPE["claim-term"])
    shapes.remove((term, SH.minCount, None))
    shapes.remove((term, SH.maxCount, None))
    monkeypatch.setattr(outlining, "shapes_graph", lambda: shapes)

    changed = field(outlining.outline.__wrapped__(), "claim", "statedTerm")

    assert not changed.is_required
    assert changed.is_repeatable


def test_each_option_has_a_name_in_each_language(reference: EmbeddedStore) -> None:
    form = form_of(reference)
    options = [o for s in form.sections for f in s.fields for o in f.options]

    assert [o.iri for o in options if not {"de", "en"} <= set(o.label)] == []
    assert field(form, "site", "district").options
