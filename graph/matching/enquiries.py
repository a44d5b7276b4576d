"""What makes an enquiry impossible to answer as it is put."""

from collections import Counter

from graph.errors import EnquiryError
from graph.matching.index import Index
from graph.model import Enquiry, Requirement

__all__ = ["check_enquiry"]


def check_enquiry(enquiry: Enquiry, index: Index) -> None:
    """Refuse an enquiry that contradicts itself or names what the landscape does not have.

    Raises:
        EnquiryError: With what to put right.
    """
    if not enquiry.requirements:
        raise EnquiryError("an enquiry needs at least one requirement")
    counts = Counter(requirement.iri for requirement in enquiry.requirements)
    if doubles := sorted(iri for iri, count in counts.items() if count > 1):
        raise EnquiryError(
            "requirements must have different IRIs; {iri} occurs twice", iri=doubles[0]
        )
    for requirement in enquiry.requirements:
        _check_requirement(requirement, index)
    _check_members(enquiry, index)
    _check_groups(enquiry)
    if enquiry.max_distance_km is not None and enquiry.place is None:
        raise EnquiryError("a largest distance needs the place that it is measured from")
    if enquiry.max_distance_km is not None and not enquiry.max_distance_km >= 0:
        raise EnquiryError(
            "the largest distance is {km:g} km; at least 0", km=enquiry.max_distance_km
        )


def _check_requirement(requirement: Requirement, index: Index) -> None:
    scheme = index.landscape.scheme
    if requirement.competence not in scheme.competences:
        raise EnquiryError(
            "requirement {iri}: competence {competence} is not known",
            iri=requirement.iri,
            competence=requirement.competence,
        )
    for limit in requirement.limits:
        if limit.dimension not in scheme.dimensions:
            raise EnquiryError(
                "requirement {iri}: dimension {dimension} is not known",
                iri=requirement.iri,
                dimension=limit.dimension,
            )
        if None not in (limit.minimum, limit.maximum) and limit.minimum > limit.maximum:  # type: ignore[operator]
            raise EnquiryError(
                "requirement {iri}: the limit of {dimension} is empty, {minimum:g} to {maximum:g}",
                iri=requirement.iri,
                dimension=limit.dimension,
                minimum=limit.minimum,
                maximum=limit.maximum,
            )


def _check_members(enquiry: Enquiry, index: Index) -> None:
    wanted = enquiry.pinned | ({enquiry.lead} if enquiry.lead is not None else set())
    if missing := sorted(iri for iri in wanted if iri not in index.position):
        raise EnquiryError("pinned organisation {iri} is not known", iri=missing[0])
    excluded = {index.position[o] for o in enquiry.excluded if o in index.position}
    if clash := sorted(iri for iri in wanted if index.position[iri] in excluded):
        raise EnquiryError("organisation {iri} is both pinned and excluded", iri=clash[0])
    if enquiry.max_members is not None:
        count = len({index.position[iri] for iri in wanted})
        if enquiry.max_members < max(count, 1):
            raise EnquiryError(
                "at most {allowed} members are allowed, {needed} are needed",
                allowed=enquiry.max_members,
                needed=max(count, 1),
            )
    numbers = {index.position[iri] for iri in wanted}
    for first, second in sorted(enquiry.conflicts):
        pair = {index.position.get(first), index.position.get(second)}
        if len(pair) == 2 and pair <= numbers:
            raise EnquiryError(
                "{first} and {second} are pinned and must not be together",
                first=first,
                second=second,
            )


def _check_groups(enquiry: Enquiry) -> None:
    for rule in enquiry.groups:
        if rule.at_least < 0 or (rule.at_most is not None and rule.at_most < rule.at_least):
            raise EnquiryError(
                "group {name}: at least {at_least} and at most {at_most} members cannot be met",
                name=rule.name,
                at_least=rule.at_least,
                at_most=rule.at_most,
            )
