"""Records of the desk with names and sentences of one language."""

from collections.abc import Mapping
from dataclasses import dataclass

from api.desk.naming import Names, names_of
from api.desk.wording import overdue_text, responsibility_text
from api.i18n import Texts, texts
from api.schemas.consortium import NamedOut
from api.schemas.desk import (
    DeskEnquiryOut,
    DeskLineOut,
    EventOut,
    OfferOut,
    OverdueOut,
    ReferralOut,
    ResponsibilityOut,
    ServedOut,
    ShortlistOut,
)
from graph.desk import (
    TRANSITIONS,
    DeskEnquiry,
    Event,
    Offer,
    Overdue,
    Referral,
    Responsibility,
    Shortlist,
)
from graph.enquiries import read_enquiries
from graph.store import Store

__all__ = ["DeskPresenter", "presenter_of"]


def presenter_of(store: Store, language: str) -> "DeskPresenter":
    """Return what shows the desk of a store's generation in one language."""
    return DeskPresenter(store, names_of(store, language), texts(language))


@dataclass(frozen=True, slots=True)
class DeskPresenter:
    """Shows records of the desk.

    Attributes:
        store: The generation they come from.
        names: Its names.
        wording: Sentences of the language.
    """

    store: Store
    names: Names
    wording: Texts

    def line(self, enquiry: DeskEnquiry) -> DeskLineOut:
        """Return an enquiry for a list."""
        return DeskLineOut.model_validate(self._head(enquiry))

    def _head(self, enquiry: DeskEnquiry) -> dict[str, object]:
        received = enquiry.received
        requester = received.requester
        name = self.names.shown.get(requester.organisation) or requester.name
        title = received.title.get(self.wording.language) or received.title.get("de", "")
        return {
            "iri": enquiry.iri,
            "number": enquiry.number,
            "name": title,
            "status": enquiry.status,
            "direction": received.direction,
            "requester": name,
            "due": received.due,
            "reply_by": received.reply_by,
            "responsible": self.names.maybe(enquiry.responsible),
        }

    def whole(self, enquiry: DeskEnquiry) -> DeskEnquiryOut:
        """Return an enquiry with its history."""
        received = enquiry.received
        return DeskEnquiryOut.model_validate(
            self._head(enquiry)
            | {
                "function": received.requester.function,
                "channel": received.channel,
                "kind": received.kind,
                "confidentiality": received.confidentiality,
                "text": received.text,
                "region": self.names.maybe(received.region),
                "town": received.town,
                "country": received.country,
                "source": received.source,
                "may_become": sorted(TRANSITIONS[enquiry.status]),
                "requirements": self._requirements(enquiry),
                "events": [self.event(event) for event in enquiry.events],
                "referrals": [self.referral(referral) for referral in enquiry.referrals],
                "offers": [self.offer(offer, enquiry) for offer in enquiry.offers],
                "shortlist": self.shortlist(enquiry.shortlist),
                "consortia": list(enquiry.consortia),
            }
        )

    def _requirements(self, enquiry: DeskEnquiry) -> list[NamedOut]:
        known = read_enquiries(self.store, self.wording.language).get(enquiry.iri)
        named: Mapping[str, str] = {r.iri: r.label for r in known.requirements} if known else {}
        return [NamedOut(iri=iri, name=named.get(iri, iri)) for iri in enquiry.requirements]

    def event(self, event: Event) -> EventOut:
        """Return one step of a history."""
        rationale = event.rationale.get(self.wording.language) or event.rationale.get("de", "")
        return EventOut(
            position=event.position,
            kind=event.kind,
            status=event.status,
            at=event.at,
            note=event.note,
            assigned_to=self.names.maybe(event.assigned_to),
            rationale=rationale,
        )

    def referral(self, referral: Referral) -> ReferralOut:
        """Return an enquiry passed on."""
        return ReferralOut(
            iri=referral.iri,
            organisation=self.names.named(referral.organisation),
            at=referral.at,
            reply_by=referral.reply_by,
            outcome=referral.outcome,
            note=referral.note,
        )

    def offer(self, offer: Offer, enquiry: DeskEnquiry) -> OfferOut:
        """Return what an organisation says to a requirement."""
        return OfferOut(
            iri=offer.iri,
            organisation=self.names.named(offer.organisation),
            requirement=enquiry.requirements.index(offer.requirement) + 1,
            kind=offer.kind,
            at=offer.at,
            amount_eur=offer.amount_eur,
            valid_through=offer.valid_through,
            note=offer.note,
        )

    def shortlist(self, shortlist: Shortlist | None) -> ShortlistOut | None:
        """Return who comes into question."""
        if shortlist is None:
            return None
        organisations = [self.names.named(iri) for iri in shortlist.organisations]
        return ShortlistOut(organisations=organisations, lead=self.names.maybe(shortlist.lead))

    def responsibility(self, found: Responsibility) -> ResponsibilityOut:
        """Return who could take care of an enquiry, and why."""
        served = [
            ServedOut(
                required=self.names.named(one.required),
                served=self.names.named(one.served),
                reach=one.reach,
                steps=one.steps,
            )
            for one in found.served
        ]
        return ResponsibilityOut(
            body=self.names.named(found.body.iri),
            served=served,
            required=found.required,
            region_fit=found.region_fit,
            region=self.names.maybe(found.region),
            text=responsibility_text(found, self.names, self.wording),
        )

    def overdue(self, found: Overdue) -> OverdueOut:
        """Return what is late."""
        return OverdueOut(
            kind=found.kind,
            record=found.record,
            number=found.number,
            due=found.due,
            days=found.days,
            organisation=self.names.maybe(found.organisation),
            text=overdue_text(found, self.names, self.wording),
        )
