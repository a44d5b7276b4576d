"""Pictures and tables: the same every time, and true to what they show."""

import json
import math
import re
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from api.pages.addresses import ConsortiumAddress
from api.pages.chain import draw_chain
from api.pages.consortium import Answer, view_consortium
from api.pages.front import draw_front
from api.pages.geography import HEIGHT, WIDTH, districts, project
from api.pages.lanes import draw_lanes, letters
from api.pages.listing import Filters, draw_districts, select
from api.pages.network import draw_network
from api.pages.ranking import rank
from api.pages.reading import OrganisationLine, Step
from api.pages.sites import draw_sites
from api.schemas.consortium import AlternativeOut, ConsortiumOut, InterfaceOut, NamedOut
from graph.model import CompetenceScheme, Landscape, Organisation, Tie
from graph.resources import data_text

from .invented import invent

ORDER = {"https://example.org/early": 0, "https://example.org/late": 1}
ANN, BOB, EVE = (f"https://example.org/org-{name}" for name in ("ann", "bob", "eve"))

ROOT = Path(__file__).parents[2]


def landscape(*ties: Tie) -> Landscape:
    names = {ANN: "Ann", BOB: "Bob", EVE: "Eve"}
    organisations = {iri: Organisation(iri, name) for iri, name in names.items()}
    return Landscape("1", CompetenceScheme({}), organisations, (), ties)


def tie(first: str, second: str, kind: str, context: str, label: str = "together") -> Tie:
    return Tie(first, second, f"https://example.org/{context}", kind, label)


# Lanes


def test_lanes_follow_the_value_chain_and_unknown_steps_come_last() -> None:
    known = draw_lanes(invent(), ORDER)
    half_known = draw_lanes(invent(), {"https://example.org/late": 0})

    assert [[r.requirement.label for r in g.rows] for g in known] == [
        ["casting"],
        ["cutting", "sawing"],
    ]
    assert [g.rows[0].requirement.label for g in half_known] == ["cutting", "casting"]


def test_a_lane_shows_who_serves_and_who_could() -> None:
    cutting = draw_lanes(invent(), ORDER)[1].rows[0]

    ann, bob = cutting.cells
    assert ann.assignment is not None
    assert ann.assignment.requirement == "cutting"
    assert (bob.assignment, bob.could_serve) == (None, True)
    assert cutting.outside == 1  # three qualify, two of them are members


def test_a_gap_is_a_row_of_its_own() -> None:
    sawing = draw_lanes(invent(), ORDER)[1].rows[1]

    assert sawing.gap is not None
    assert not any(cell.assignment or cell.could_serve for cell in sawing.cells)


def test_members_stand_in_the_order_of_what_they_do_first() -> None:
    view = view_consortium(Answer(invent(), landscape()), ConsortiumAddress("E05"), ORDER)

    assert [m.name for m in view.document.members] == ["Bob", "Ann"]
    assert view.letters == {BOB: "A", ANN: "B"}


def test_letters_go_on_after_z() -> None:
    member = invent().members[0]
    many = [member.model_copy(update={"iri": str(n)}) for n in range(28)]

    assert list(letters(many).values())[-3:] == ["Z", "AA", "AB"]


def test_what_an_alternative_changes_is_who_joins_and_who_leaves() -> None:
    view = view_consortium(Answer(invent(), landscape()), ConsortiumAddress("E05"), ORDER)

    joining, leaving = view.changes([NamedOut(iri=ANN, name="Ann"), NamedOut(iri=EVE, name="Eve")])

    assert [o.name for o in joining] == ["Eve"]
    assert [o.name for o in leaving] == ["Bob"]


# Network


def test_network_draws_projects_between_members() -> None:
    found = draw_network(invent().members, landscape(tie(ANN, BOB, "project", "p", "Project P")))

    [edge] = found.edges
    assert edge.is_direct
    assert {edge.first.iri, edge.second.iri} == {ANN, BOB}
    assert edge.labels == ("Project P",)


def test_network_ties_members_of_a_cluster_to_it_and_not_to_each_other() -> None:
    found = draw_network(invent().members, landscape(tie(ANN, BOB, "cluster", "c", "Cluster C")))

    assert [(e.first.kind, e.second.kind) for e in found.edges] == [("member", "cluster")] * 2


def test_network_shows_who_knows_several_members() -> None:
    both = landscape(tie(ANN, EVE, "project", "p"), tie(BOB, EVE, "relation", "r"))
    one = landscape(tie(ANN, EVE, "project", "p"))

    assert [v.name for v in draw_network(invent().members, both).vertices] == ["Ann", "Bob", "Eve"]
    assert draw_network(invent().members, one).edges == ()


def test_entries_of_one_organisation_are_one_point() -> None:
    known = landscape(tie(BOB, EVE, "project", "p"))
    organisations = dict(known.organisations)
    organisations[EVE] = replace(organisations[EVE], same_as=ANN)

    [edge] = draw_network(invent().members, replace(known, organisations=organisations)).edges

    assert {edge.first.iri, edge.second.iri} == {ANN, BOB}


def test_more_joint_projects_make_a_wider_line() -> None:
    one = [tie(ANN, BOB, "project", "p", "P")]
    two = [*one, tie(ANN, BOB, "project", "q", "Q")]

    widths = [draw_network(invent().members, landscape(*t)).edges[0].width for t in (one, two)]

    assert widths[0] < widths[1]


def test_network_is_the_same_whatever_the_order_of_ties() -> None:
    ties = [
        tie(ANN, BOB, "cluster", "c"),
        tie(ANN, EVE, "project", "p"),
        tie(BOB, EVE, "project", "q"),
    ]

    first = draw_network(invent().members, landscape(*ties))
    again = draw_network(invent().members, landscape(*reversed(ties)))

    assert first == again


def test_points_inside_the_network_keep_apart() -> None:
    ties = [tie(ANN, BOB, "cluster", f"c{n}", f"Cluster {n}") for n in range(4)]

    found = draw_network(invent().members, landscape(*ties))

    spots = [(v.x, v.y) for v in found.vertices if v.kind == "cluster"]
    assert len(spots) == 4
    assert min(math.dist(a, b) for a in spots for b in spots if a != b) > 20


# Map


def test_map_has_the_districts_of_thuringia() -> None:
    names = {d.key: d.name for d in districts()}

    assert names["16051"] == "Erfurt"
    assert names["16070"] == "Ilm-Kreis"
    assert all(key.startswith("16") for key in names)
    assert len(names) in (22, 23)  # Eisenach joined the Wartburgkreis in 2021


def test_towns_lie_in_their_districts() -> None:
    erfurt = next(d for d in districts() if d.name == "Erfurt")
    x, y = project(50.978, 11.029)

    assert 0 < x < WIDTH
    assert 0 < y < HEIGHT
    assert math.dist((x, y), (erfurt.x, erfurt.y)) < 30


def test_north_is_up_and_east_is_right() -> None:
    nordhausen, sonneberg = project(51.50, 10.79), project(50.36, 11.17)
    eisenach, altenburg = project(50.98, 10.32), project(50.99, 12.43)

    assert nordhausen[1] < sonneberg[1]
    assert eisenach[0] < altenburg[0]


def test_borders_stay_within_the_picture() -> None:
    for district in districts():
        x = y = 0
        for command, dx, dy in re.findall(r"([Ml]?) ?(-?\d+) (-?\d+)", district.path):
            x, y = (int(dx), int(dy)) if command == "M" else (x + int(dx), y + int(dy))
            assert 0 <= x <= WIDTH, district.name
            assert 0 <= y <= HEIGHT, district.name


def test_numbers_of_a_town_and_of_the_district_around_it_do_not_cover_each_other() -> None:
    spots = {d.name: (d.x, d.y) for d in districts()}

    assert math.dist(spots["Weimar"], spots["Weimarer Land"]) > 20
    assert math.dist(spots["Suhl"], spots["Schmalkalden-Meiningen"]) > 20


def test_members_of_one_town_stand_side_by_side() -> None:
    jena = (50.93, 11.59)

    found = draw_sites(invent(places=(jena, jena)))

    assert len(found.towns) == 1
    assert math.dist(*((p.x, p.y) for p in found.pins)) > 25


def test_member_without_a_place_is_named_and_not_drawn() -> None:
    found = draw_sites(invent(places=((50.93, 11.59), None)))

    assert [p.member.name for p in found.pins] == ["Ann"]
    assert [m.name for m in found.elsewhere] == ["Bob"]


def test_name_of_a_town_keeps_off_the_town_beside_it() -> None:
    jena, just_east = (50.93, 11.59), (50.93, 11.85)

    alone = draw_sites(invent(places=(jena, None))).towns[0]
    beside = draw_sites(invent(places=(jena, just_east))).towns[0]

    assert alone.anchor == "start"
    assert beside.anchor == "end"


def with_handover(*, internal: bool) -> ConsortiumOut:
    ann, bob = NamedOut(iri=ANN, name="Ann"), NamedOut(iri=BOB, name="Bob")
    handover = InterfaceOut(
        from_requirement="casting",
        to_requirement="cutting",
        from_organisation=bob,
        to_organisation=ann,
        internal=internal,
        distance_km=40.0,
        cost_km=80,
        bonus_km=0,
        text="40 km",
        sources=[],
    )
    return invent().model_copy(update={"interfaces": [handover, handover]})


def test_handovers_between_places_are_lines_drawn_once() -> None:
    assert len(draw_sites(with_handover(internal=False)).handovers) == 1
    assert draw_sites(with_handover(internal=True)).handovers == ()


# Value chain


def steps() -> list[Step]:
    return [
        Step("a", "Ab initio", ("b", "c"), 40),
        Step("b", "Bending and more words", ("d",), 10),
        Step("c", "Casting", ("d",), 9),
        Step("d", "Done", (), 0),
    ]


def test_a_step_stands_right_of_what_precedes_it() -> None:
    nodes = {n.step.iri: n for n in draw_chain(steps()).nodes}

    for step in steps():
        assert all(nodes[step.iri].x < nodes[following].x for following in step.following)


def test_area_of_a_circle_is_the_number_of_organisations() -> None:
    nodes = {n.step.iri: n for n in draw_chain(steps()).nodes}

    assert nodes["a"].radius == pytest.approx(2 * nodes["b"].radius)


def test_thin_steps_are_marked() -> None:
    assert [n.step.iri for n in draw_chain(steps()).nodes if n.is_thin] == ["c", "d"]


def test_every_succession_is_a_line() -> None:
    assert len(draw_chain(steps()).links) == 4


def test_labels_break_between_words() -> None:
    nodes = {n.step.iri: n for n in draw_chain(steps()).nodes}

    assert nodes["b"].lines == ("Bending and", "more words")


# Front


def test_front_leaves_out_sizes_without_a_consortium() -> None:
    spots = draw_front(invent().front).spots

    assert [s.point.members for s in spots] == [2, 3]
    assert spots[0].x < spots[1].x
    assert spots[0].y < spots[1].y  # dearer is higher


# List


def lines() -> list[OrganisationLine]:
    jena, gera = "https://example.org/16053", "https://example.org/16052"
    milling = frozenset({"https://example.org/milling"})
    return [
        OrganisationLine(
            *("a", "Alpha", "Firm", "Jena", jena, "", 2, milling),
            clusters=frozenset({"https://example.org/org-net"}),
            certificates=frozenset({"iso-9001"}),
            competences=frozenset({"milling", "machining"}),
        ),
        OrganisationLine("b", "Beta", "Firm", "Gera", gera, "", 1, frozenset()),
        OrganisationLine("c", "Gamma", "Institute", "Jena", jena, "", 1, milling),
    ]


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        (Filters(), ["Alpha", "Beta", "Gamma"]),
        (Filters(q="jena"), ["Alpha", "Gamma"]),
        (Filters(q="BET"), ["Beta"]),
        (Filters(step="milling", kind="Firm"), ["Alpha"]),
        (Filters(district="16052"), ["Beta"]),
        (Filters(district="none"), []),
        (Filters(cluster="net"), ["Alpha"]),
        (Filters(certificate="iso-9001"), ["Alpha"]),
        (Filters(competence="machining"), ["Alpha"]),
        (Filters(competence="turning"), []),
    ],
)
def test_list_is_narrowed_by_every_filter(filters: Filters, names: list[str]) -> None:
    assert [line.name for line in select(lines(), filters).lines] == names


def test_word_of_the_list_may_name_a_competence() -> None:
    found = select(lines(), Filters(q="gam"), meant=frozenset({"milling"}))

    assert [line.name for line in found.lines] == ["Alpha", "Gamma"]
    assert found.counts["kind"] == {"Firm": 1, "Institute": 1}


def test_counts_say_what_another_choice_would_leave() -> None:
    found = select(lines(), Filters(step="milling", kind="Firm"))

    assert found.counts["kind"] == {"Firm": 1, "Institute": 1}
    assert found.counts["step"] == {"milling": 1}
    assert found.counts["district"] == {"16053": 1}


@pytest.mark.parametrize(
    ("page", "number", "first"),
    [("", 1, 0), ("2", 2, 60), ("99", 3, 120), ("0", 1, 0), ("-1", 1, 0), ("x", 1, 0)],
)
def test_list_is_cut_into_pages(page: str, number: int, first: int) -> None:
    many = [replace(lines()[0], iri=str(n)) for n in range(130)]

    found = select(many, Filters(), page)

    assert (found.page, found.pages, found.found) == (number, 3, 130)
    assert found.lines[0].iri == str(first)


def test_districts_are_shaded_by_how_many_there_are() -> None:
    counts = {c.district.key: c for c in draw_districts(lines())}

    assert (counts["16053"].organisations, counts["16053"].shade) == (2, 1)
    assert (counts["16051"].organisations, counts["16051"].shade) == (0, 0)


def test_borders_are_what_the_script_drew() -> None:
    """``tools/borders.py`` draws them from the package that the lock file names."""
    lock = json.loads((ROOT / "tools" / "borders.lock.json").read_text(encoding="utf-8"))
    name = lock["file"].removeprefix("data/")

    assert sha256(data_text(name).encode()).hexdigest() == lock["sha256"]


# Ranking


def proposals(*alternatives: tuple[str, int]) -> ConsortiumOut:
    """The invented suggestion of two members, with alternatives of a letter for each member."""
    document = invent()
    return document.model_copy(
        update={
            "alternatives": [
                AlternativeOut(
                    organisations=[NamedOut(iri=letter, name=letter) for letter in letters_],
                    assignments={},
                    cost_km=cost_km,
                    more_km=0,
                    shared=0,
                    proven=True,
                )
                for letters_, cost_km in alternatives
            ]
        }
    )


def test_proposals_are_ranked_by_members_then_effort() -> None:
    ranked = rank(proposals(("abc", 1), ("de", 900), ("fg", 800)))

    names = ["".join(o.name for o in p.organisations) for p in ranked if not p.is_suggested]
    assert ranked[0].is_suggested
    assert names == ["fg", "de", "abc"]
    assert max(p.share for p in ranked) == 1.0


def test_same_members_are_ranked_once() -> None:
    document = proposals(("ab", 5), ("ba", 7))

    assert len(rank(document)) == len(rank(invent())) + 1


def test_proposal_says_who_joins_and_who_leaves() -> None:
    members = [m.iri for m in invent().members]
    other = proposals(("x", 5)).alternatives[0]
    kept = NamedOut(iri=members[0], name="kept")
    mixed = other.model_copy(update={"organisations": [*other.organisations, kept]})
    document = invent().model_copy(update={"alternatives": [mixed]})

    found = next(p for p in rank(document) if "x" in p.joining)

    assert [o.name for o in found.organisations] == ["kept", "x"]
    assert [o.iri for o in found.leaving] == members[1:]


def test_nothing_is_ranked_where_nothing_is_suggested() -> None:
    assert rank(invent().model_copy(update={"cost": None})) == ()
