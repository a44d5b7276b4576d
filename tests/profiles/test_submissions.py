"""Submissions are quoted, reviewed and published; nobody takes them for facts before."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from rdflib import RDF, SKOS, Literal, URIRef

from graph.errors import (
    NonConformingError,
    RecordStateError,
    UnknownRecordError,
    VersionConflictError,
)
from graph.profiles import (
    Form,
    Submission,
    SubmissionStatus,
    difference,
    faults_of,
    find_submission,
    publish,
    published_profile,
    read_submissions,
    reject,
    submission_tag,
    submit,
)
from graph.store import EmbeddedStore, Visibility
from graph.vocabulary import GRAPH, ID, VB
from tests.profiles.conftest import NEW, Entries, described
from tests.projects.conftest import Office

NOW = datetime(2026, 11, 25, 9, 0, 0, 123, UTC)
SMALL = str(ID["org-small"])


def staged(office: Office, form: Form, entries: Entries = NEW, organisation: str = "") -> str:
    return office.made(submit(described(form, entries, organisation), NOW))


def found(office: Office, iri: str) -> Submission:
    return find_submission(office.store, iri)


def published(office: Office, form: Form, entries: Entries = NEW) -> Submission:
    iri = staged(office, form, entries)
    office.apply(publish(office.store, found(office, iri), "geprüft", now=NOW))
    return found(office, iri)


def test_a_submission_is_read_as_it_was_staged(office: Office, form: Form) -> None:
    iri = staged(office, form)

    submission = found(office, iri)

    assert submission.proposed == described(form).triples
    assert submission.status is SubmissionStatus.SUBMITTED
    assert submission.submitted_at == NOW
    assert submission.organisation == str(described(form).organisation)
    assert submission.review is None
    assert find_submission(office.store, submission.identifier) == submission
    with pytest.raises(UnknownRecordError, match="submission"):
        find_submission(office.store, "submission-none")


def test_what_is_staged_is_quoted_and_asserted_nowhere(office: Office, form: Form) -> None:
    submission = found(office, staged(office, form))

    for subject, predicate, value in submission.proposed:
        ask = f"SELECT * {{ {subject.n3()} {predicate.n3()} {value.n3()} }}"
        assert not office.store.select(ask)
    for visibility in (Visibility.PUBLIC, Visibility.PARTNERS):
        outside = EmbeddedStore(office.home, visibility)
        assert read_submissions(outside) == ()
        assert str(submission.graph.iri) not in outside.graphs()


def test_publishing_makes_it_a_fact_for_everybody(office: Office, form: Form) -> None:
    submission = published(office, form)

    public = EmbeddedStore(office.home)
    assert set(published_profile(public, submission.organisation)) == set(submission.proposed)
    name = f"SELECT ?n {{ <{submission.organisation}> <{SKOS.prefLabel}> ?n }}"
    assert [str(row["n"]) for row in public.select(name)] == ["Neu & Söhne GmbH"]
    assert submission.status is SubmissionStatus.PUBLISHED
    assert submission.review is not None
    assert (submission.review.at, submission.review.rationale) == (NOW, "geprüft")


def test_rules_derive_from_what_is_published(office: Office, form: Form) -> None:
    organisation = published(office, form).organisation

    public = EmbeddedStore(office.home)
    derived = f"SELECT ?n {{ <{organisation}> <https://schema.org/numberOfEmployees> ?n }}"
    assert [str(row["n"]) for row in public.select(derived)] == ["42"]


def test_rejecting_changes_nothing_but_the_record(office: Office, form: Form) -> None:
    iri = staged(office, form)

    office.apply(reject(office.store, found(office, iri), "Quelle fehlt", now=NOW))

    submission = found(office, iri)
    assert submission.status is SubmissionStatus.REJECTED
    assert submission.review is not None
    assert published_profile(office.store, submission.organisation) == ()


def test_a_submission_is_decided_on_once(office: Office, form: Form) -> None:
    submission = published(office, form)

    with pytest.raises(RecordStateError, match="reviewed already"):
        publish(office.store, submission, "noch einmal")
    with pytest.raises(RecordStateError, match="reviewed already"):
        reject(office.store, submission, "doch nicht")


def test_two_reviewers_do_not_overwrite_each_other(office: Office, form: Form) -> None:
    submission = found(office, staged(office, form))
    tag = submission_tag(office.store, submission)
    late = publish(office.store, submission, "geprüft", tag)

    office.apply(reject(office.store, submission, "Quelle fehlt", tag))

    with pytest.raises(VersionConflictError):
        office.apply(late)
    with pytest.raises(VersionConflictError):
        publish(office.store, submission, "geprüft", tag)
    assert published_profile(office.store, submission.organisation) == ()


def test_a_profile_that_has_changed_since_is_not_overwritten(office: Office, form: Form) -> None:
    first, second = (found(office, staged(office, form, e)) for e in (NEW, without_claims()))
    late = publish(office.store, second, "geprüft")

    office.apply(publish(office.store, first, "geprüft"))

    with pytest.raises(VersionConflictError):
        office.apply(late)
    assert found(office, second.iri).status is SubmissionStatus.SUBMITTED


def without_claims() -> Entries:
    return {name: entries for name, entries in NEW.items() if name != "claim"}


def test_the_next_profile_takes_the_place_of_the_first(office: Office, form: Form) -> None:
    before = published(office, form)
    entries = {**NEW, "claim": [NEW["claim"][1]]}
    submission = found(office, staged(office, form, entries))

    shown = difference(office.store, submission)

    gone = {s for s, p, o in shown.removed if (p, o) == (RDF.type, VB.CapabilityClaim)}
    assert len(gone) == 1
    assert all(s in gone for s, _, _ in shown.removed)
    assert shown.added == ()
    assert set(shown.kept) | set(shown.removed) == set(before.proposed)
    office.apply(publish(office.store, submission, "kürzer"))
    assert set(published_profile(office.store, submission.organisation)) == set(shown.kept)


def test_a_difference_names_what_another_graph_says_already(office: Office, form: Form) -> None:
    entries = {"organisation": [{"prefLabel": ["Klein GmbH"], "productKeyword": ["Wellen"]}]}
    submission = found(office, staged(office, form, entries, SMALL))

    shown = difference(office.store, submission)

    assert shown.known_elsewhere == (
        (URIRef(SMALL), SKOS.prefLabel, Literal("Klein GmbH", lang="de")),
    )
    assert len(shown.added) == 2


def test_a_submission_that_says_nothing_is_refused(form: Form) -> None:
    with pytest.raises(RecordStateError, match="says nothing"):
        submit(described(form, {}))


def messages(office: Office, form: Form, entries: Entries, organisation: str = "") -> Sequence[str]:
    checked = faults_of(office.store, form, described(form, entries, organisation), "en")
    return [f"{f.section} {f.number} {f.field}: {f.code}" for f in checked if f.is_grave]


def test_a_whole_profile_keeps_the_shapes(office: Office, form: Form) -> None:
    assert messages(office, form, NEW) == []


def test_faults_are_found_before_anything_is_written(office: Office, form: Form) -> None:
    claim = {**NEW["claim"][1], "validFrom": ["2027-01-01"], "validThrough": ["2026-01-01"]}
    text = {**NEW["claim"][0], "detail": ["an vorname.name@example.org"]}

    assert messages(office, form, {**NEW, "claim": [text, claim]}) == [
        "claim 0 : offer-text-mail",
        "claim 1 validFrom: claim-validity",
    ]


def test_a_name_beside_the_known_one_is_a_fault(office: Office, form: Form) -> None:
    entries = {"organisation": [{"prefLabel": ["Größer GmbH"]}]}

    assert messages(office, form, entries, SMALL) == [
        "organisation 0 prefLabel: organisation-name-once"
    ]


def test_a_known_organisation_may_add_what_it_can(office: Office, form: Form) -> None:
    entries = {"claim": [NEW["claim"][1]]}

    assert messages(office, form, entries, SMALL) == []
    iri = staged(office, form, entries, SMALL)
    office.apply(publish(office.store, found(office, iri), "geprüft"))
    offers = f"SELECT ?c {{ ?c <{VB.claimedBy}> <{SMALL}> }}"
    assert len(EmbeddedStore(office.home).select(offers)) == 2


def test_what_breaks_a_shape_is_not_published(office: Office, form: Form) -> None:
    """The writer looks again: the graph may have changed since the submission was checked."""
    entries = {"organisation": [{"prefLabel": ["Größer GmbH"]}]}
    submission = found(office, staged(office, form, entries, SMALL))

    with pytest.raises(NonConformingError):
        office.apply(publish(office.store, submission, "geprüft"))

    assert found(office, submission.iri).status is SubmissionStatus.SUBMITTED
    assert str(GRAPH["profiles"]) not in office.store.graphs()


def test_an_empty_rationale_is_refused(office: Office, form: Form) -> None:
    submission = found(office, staged(office, form))

    with pytest.raises(NonConformingError, match="rationale"):
        office.apply(reject(office.store, submission, " "))


def test_a_submission_keeps_its_own_graph(office: Office, form: Form) -> None:
    one, two = found(office, staged(office, form)), found(office, staged(office, form))

    assert one.graph.iri != two.graph.iri
    assert replace(one, iri=two.iri, proposed=two.proposed) == two
