"""The shipped graph against its tables, read by plain csv: nothing lost, nothing invented."""

import json
import re
from collections.abc import Iterator

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from graph import resources
from graph.loading import Loaded

Tables = dict[str, list[dict[str, str]]]

ID = "https://w3id.org/verbund/id/"
PREFIXES = """
PREFIX adms: <http://www.w3.org/ns/adms#>
PREFIX csvw: <http://www.w3.org/ns/csvw#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX graph: <https://w3id.org/verbund/graph/>
PREFIX id: <https://w3id.org/verbund/id/>
PREFIX locn: <http://www.w3.org/ns/locn#>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX vb: <https://w3id.org/verbund/def#>
PREFIX wgs: <http://www.w3.org/2003/01/geo/wgs84_pos#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""

# Nodes that only spell out a part of the node that names them.
PARTS = ("site-", "address-", "identifier-", "limit-")


def select(store: Store, query: str) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a query over the union of the graphs, as text; unbound is empty."""
    results = store.query(PREFIXES + query, use_default_graph_as_union=True)
    assert isinstance(results, QuerySolutions)
    for solution in results:
        yield tuple(
            "" if solution[variable] is None else solution[variable].value
            for variable in results.variables
        )


def without_source(store: Store) -> set[str]:
    """Return every subject of the facts and judgements that neither cites nor is a part."""
    rows = select(
        store,
        """
        SELECT DISTINCT ?subject WHERE {
          VALUES ?graph { graph:reference-facts graph:reference-judgements }
          GRAPH ?graph { ?subject a ?class }
          FILTER NOT EXISTS { ?subject dct:source ?source }
        }
        """,
    )
    return {
        subject
        for (subject,) in rows
        if not subject.removeprefix(ID).startswith((*PARTS, "requirement-"))
    }


def test_no_row_is_lost_and_every_look_up_succeeds(loaded: Loaded, tables: Tables) -> None:
    assert [str(finding) for finding in loaded.findings] == []
    assert loaded.counts == {name: len(rows) for name, rows in tables.items()}


@pytest.mark.parametrize(
    ("names", "pattern"),
    [
        (("companies.csv", "organisations.csv", "named_parties.csv"), "org:classification ?kind"),
        (("capabilities.csv",), "a vb:CapabilityClaim"),
        (("limits.csv",), "a vb:Limit"),
        (("certificates.csv",), "a vb:Certificate"),
        (("memberships.csv", "participations.csv"), "a org:Membership"),
        (("projects.csv",), "vb:projectKind ?kind"),
        (("relations.csv",), "a vb:Relation"),
        (("observations.csv",), "a vb:Observation"),
        (("funding_programmes.csv",), "a vb:FundingProgramme"),
        (("funding_criteria.csv",), "a vb:EligibilityCriterion"),
        (("enquiries.csv",), "a vb:Enquiry"),
        (("requirements.csv",), "a vb:Requirement"),
        (("identity.csv",), "a vb:IdentityDecision"),
        (("districts.csv",), "a vb:District"),
        (("graphs.csv",), "dct:accessRights ?rights"),
    ],
)
def test_rows_in_are_things_out(
    loaded: Loaded, tables: Tables, names: tuple[str, ...], pattern: str
) -> None:
    things = list(select(loaded.store, f"SELECT DISTINCT ?thing WHERE {{ ?thing {pattern} }}"))

    assert len(things) == sum(len(tables[name]) for name in names)


def test_every_claim_says_what_its_row_says(loaded: Loaded, tables: Tables) -> None:
    claims = select(
        loaded.store,
        """
        SELECT ?claim ?organisation ?term ?detail ?year ?basis ?reading ?source WHERE {
          ?claim vb:claimedBy ?organisation ; vb:statedTerm ?term ; dct:source ?source ;
            vb:evidenceBasis ?basis ; vb:evidenceReading ?reading .
          OPTIONAL { ?claim vb:detail ?detail }
          OPTIONAL { ?claim vb:evidenceYear ?year }
        }
        """,
    )

    scheme = "https://w3id.org/verbund/scheme/"
    assert set(claims) == {
        (
            f"{ID}claim-{row['id']}",
            f"{ID}org-{row['organisation']}",
            row["term"],
            row["detail"],
            row["evidence_year"],
            f"{scheme}evidence-basis/{row['basis']}",
            f"{scheme}evidence-reading/{row['reading']}",
            row["source_url"],
        )
        for row in tables["capabilities.csv"]
    }


def test_every_claim_has_one_competence_step_and_confidence(loaded: Loaded) -> None:
    counts = select(
        loaded.store,
        """
        SELECT ?claim (COUNT(DISTINCT ?competence) AS ?competences)
          (COUNT(DISTINCT ?step) AS ?steps) (COUNT(DISTINCT ?confidence) AS ?confidences)
        WHERE {
          ?claim a vb:CapabilityClaim .
          OPTIONAL { ?claim vb:competence ?competence }
          OPTIONAL { ?claim vb:valueChainStep ?step }
          OPTIONAL { ?claim vb:confidence ?confidence }
        } GROUP BY ?claim
        """,
    )

    assert [row for row in counts if row[1:] != ("1", "1", "1")] == []


def test_every_material_of_a_claim_is_resolved(loaded: Loaded, tables: Tables) -> None:
    counts = select(
        loaded.store,
        "SELECT ?claim (COUNT(?m) AS ?n) WHERE { ?claim vb:material ?m } GROUP BY ?claim",
    )

    assert set(counts) == {
        (f"{ID}claim-{row['id']}", str(len(row["material"].split("; "))))
        for row in tables["capabilities.csv"]
        if row["material"]
    }


def test_every_need_of_the_enquiries_is_a_competence(loaded: Loaded, tables: Tables) -> None:
    needs = select(
        loaded.store,
        """
        SELECT ?enquiry ?position ?label (COUNT(?competence) AS ?competences) WHERE {
          ?enquiry vb:hasRequirement ?need .
          ?need vb:position ?position ; skos:prefLabel ?label .
          OPTIONAL { ?need vb:requiredCompetence ?competence }
        } GROUP BY ?enquiry ?position ?label
        """,
    )

    assert set(needs) == {
        (f"{ID}enquiry-{row['enquiry']}", row["position"], row["capability"], "1")
        for row in tables["requirements.csv"]
    }


def test_needs_marked_as_claimed_by_none_are_the_terms_that_no_claim_uses(tables: Tables) -> None:
    terms = {row["term"] for row in tables["capabilities.csv"]}

    for row in tables["requirements.csv"]:
        assert (row["claimed_by_none"] == "yes") is (row["capability"] not in terms), row["id"]


def test_every_statement_about_an_organisation_has_a_source(loaded: Loaded) -> None:
    assert without_source(loaded.store) == set()


def test_a_statement_without_source_is_noticed() -> None:
    store = Store()
    store.update(
        PREFIXES
        + """
        INSERT DATA { GRAPH graph:reference-facts {
          id:claim-cited a vb:CapabilityClaim ; dct:source <https://example.org/> .
          id:claim-bare a vb:CapabilityClaim .
          id:site-alpha a org:Site .
        } }
        """
    )

    assert without_source(store) == {f"{ID}claim-bare"}


def test_parts_belong_to_a_node_that_cites(loaded: Loaded) -> None:
    orphans = select(
        loaded.store,
        """
        SELECT ?part WHERE {
          ?part a ?class .
          VALUES ?class { org:Site locn:Address adms:Identifier vb:Limit vb:Requirement }
          FILTER NOT EXISTS {
            ?whole org:hasPrimarySite|adms:identifier|vb:hasLimit|vb:hasRequirement|
              (org:hasPrimarySite/locn:address) ?part ; dct:source ?source .
          }
        }
        """,
    )

    assert list(orphans) == []


def test_no_organisation_is_invented(loaded: Loaded, tables: Tables) -> None:
    known = {
        f"{ID}org-{row['id']}"
        for name in ("companies.csv", "organisations.csv", "named_parties.csv")
        for row in tables[name]
    }
    named = {
        term.value
        for quad in loaded.store
        for term in (quad.subject, quad.object)
        if isinstance(term, NamedNode) and term.value.startswith(f"{ID}org-")
    }

    assert named == known


def test_only_declared_terms_and_concepts_are_used(loaded: Loaded) -> None:
    store = loaded.store
    ontology = NamedNode("https://w3id.org/verbund/graph/ontology")
    declared = {quad.subject for quad in store.quads_for_pattern(None, None, None, ontology)}
    used = {
        term
        for quad in store
        if quad.graph_name != ontology
        for term in (quad.predicate, quad.object)
        if isinstance(term, NamedNode)
        and re.match(r"https://w3id\.org/verbund/(def#|scheme/)", term.value)
    }

    assert used - declared == set()


def test_texts_of_one_language_are_tagged_and_numbers_are_typed(loaded: Loaded) -> None:
    (row,) = select(
        loaded.store,
        """
        SELECT (LANG(?name) AS ?tag) (DATATYPE(?latitude) AS ?number) (DATATYPE(?year) AS ?when)
        WHERE {
          id:org-asphericon skos:prefLabel ?name ; vb:evidenceYear ?year ;
            org:hasPrimarySite/wgs:lat ?latitude .
        }
        """,
    )

    xsd = "http://www.w3.org/2001/XMLSchema#"
    assert row == ("de", f"{xsd}decimal", f"{xsd}gYear")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("id:org-lean-plastics-technologies org:hasPrimarySite/vb:town ?x", {"Ilmenau"}),
        ("id:site-3d-schilling locn:address/locn:addressArea ?x", {"Oberspier"}),
        ("id:site-3d-schilling locn:address/locn:postCode ?x", {"99706"}),
        ("id:org-imms adms:identifier/skos:notation ?x", {"https://ror.org/0445d9h15"}),
        ("id:project-fo-plus-2 schema:startDate ?x", {"2018-08-01"}),
        ("id:project-quantifisens schema:startDate ?x", {"2022-09"}),
        ("id:project-saphir schema:startDate ?x", {"2021"}),
        ("id:limit-elschukom-feinstdrahtziehen-wire-diameter schema:minValue ?x", {"0.006"}),
        ("id:criterion-rubin-grant-per-alliance schema:maxValue ?x", {"12000000"}),
        ("id:criterion-zim-employees-max schema:value ?x", {"500"}),
        ("id:observation-hillos-employees-2024 vb:qualifier ?x", {"geplant"}),
        ("id:observation-hirschvogel-eisenach-employees-2017 vb:detail ?x", {"700 (ca. 2017)"}),
        (
            "id:org-ihi-charging-systems-international vb:note ?x",
            {"closing: source reports closure of the plant within 12-15 months"},
        ),
        (
            "<http://dcat-ap.de/def/politicalGeocoding/districtKey/16070> vb:chamber ?x",
            {f"{ID}org-ihk-suedthueringen"},
        ),
    ],
)
def test_spot_checks(loaded: Loaded, pattern: str, expected: set[str]) -> None:
    assert {x for (x,) in select(loaded.store, f"SELECT ?x WHERE {{ {pattern} }}")} == expected


def test_every_known_place_is_a_site(loaded: Loaded, tables: Tables) -> None:
    sites = select(
        loaded.store,
        """
        SELECT ?site ?organisation ?town ?district ?latitude ?longitude WHERE {
          ?site org:siteOf ?organisation .
          OPTIONAL { ?site vb:town ?town }
          OPTIONAL { ?site vb:district ?district }
          OPTIONAL { ?site wgs:lat ?latitude ; wgs:long ?longitude }
        }
        """,
    )

    district = "http://dcat-ap.de/def/politicalGeocoding/districtKey/"
    assert {
        (*site[:4], *(float(number) if number else None for number in site[4:])) for site in sites
    } == {
        (
            f"{ID}site-{row['id']}",
            f"{ID}org-{row['id']}",
            row["town"],
            district + row["district"] if row.get("district") else "",
            *(float(row[name]) if row.get(name) else None for name in ("latitude", "longitude")),
        )
        for name in ("companies.csv", "organisations.csv", "named_parties.csv")
        for row in tables[name]
        if row["town"] or row.get("district")
    }


def test_campaigns_and_shared_stands_are_no_memberships(loaded: Loaded) -> None:
    query = """
        SELECT ?member WHERE { [] org:organization id:org-medways ; org:member ?member }
    """

    assert list(select(loaded.store, query)) == []


def test_leads_are_trusted_less_than_stated_processes(loaded: Loaded) -> None:
    by_basis: dict[str, set[float]] = {}
    for basis, confidence in select(
        loaded.store,
        "SELECT ?basis ?value { ?claim vb:evidenceBasis ?basis ; vb:confidence ?value }",
    ):
        by_basis.setdefault(basis.rsplit("/", 1)[1], set()).add(float(confidence))

    assert max(by_basis["product"]) < min(by_basis["stated"])


def test_identity_decisions_give_their_reason_in_both_languages(loaded: Loaded) -> None:
    rows = select(
        loaded.store,
        """
        SELECT ?decision (COUNT(?german) AS ?de) (COUNT(?english) AS ?en) WHERE {
          ?decision a vb:IdentityDecision .
          OPTIONAL { ?decision vb:rationale ?german FILTER(LANG(?german) = "de") }
          OPTIONAL { ?decision vb:rationale ?english FILTER(LANG(?english) = "en") }
        } GROUP BY ?decision
        """,
    )

    assert {row[1:] for row in rows} == {("1", "1")}


def test_numbers_of_competences_are_groups_of_the_standard(loaded: Loaded, tables: Tables) -> None:
    groups = {row["code"] for row in tables["din8580_groups.csv"]}
    groups |= {row["code"] for row in tables["din8580_main_groups.csv"]}
    notations = {
        quad.object.value
        for quad in loaded.store.quads_for_pattern(None, None, None)
        if isinstance(quad.object, Literal) and quad.object.datatype.value.endswith("def#din8580")
    }

    assert notations
    assert {".".join(notation.split(".")[:2]) for notation in notations} <= groups


def test_borders_are_those_of_the_districts(tables: Tables) -> None:
    collection = json.loads(resources.data_text("thueringen_kreise_npm.geojson"))
    dissolved = {row["ags"] for row in tables["districts.csv"] if "dissolved" in row["note"]}

    assert {feature["id"] for feature in collection["features"]} == {
        row["ags"] for row in tables["districts.csv"]
    } - dissolved
