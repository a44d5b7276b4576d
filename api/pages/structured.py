"""An organisation in the words of schema.org, for search engines that read its page."""

import json
from typing import Any

from markupsafe import Markup

from api.pages.addresses import is_web_link
from api.pages.organisations import OrganisationPage

__all__ = ["script_json", "structured_organisation"]

_IDENTIFIERS = {"LEI": "leiCode"}


def structured_organisation(page: OrganisationPage) -> dict[str, Any]:
    """Return what is known of an organisation as a JSON-LD document of schema.org.

    It says nothing that the page does not show: names, home page, town, competences, clusters
    and the pages that the statements rest on. What is not known is left out.
    """
    homepages = [one for one in page.facts.get("homepage", ()) if is_web_link(one)]
    known: dict[str, Any] = {
        "name": page.name,
        "alternateName": list(page.facts.get("altLabel", ())),
        "url": homepages[0] if homepages else "",
        "identifier": [
            {"@type": "PropertyValue", "propertyID": system, "value": value}
            for system, value in page.identifiers
        ],
        "location": [_place(site.town, site.postcode) for site in page.sites],
        "knowsAbout": sorted({c.competence_label for c in page.claims if c.competence_label}),
        "memberOf": [
            {"@type": "Organization", "@id": line.context, "name": line.label}
            for line in page.memberships
            if line.is_organisation
        ],
        "subjectOf": [source for source in page.sources if is_web_link(source)],
    }
    for system, value in page.identifiers:
        if system in _IDENTIFIERS:
            known[_IDENTIFIERS[system]] = value
    head = {"@context": "https://schema.org/", "@type": "Organization", "@id": page.iri}
    return head | {name: value for name, value in known.items() if value}


def _place(town: str, postcode: str) -> dict[str, Any]:
    address = {"addressLocality": town, "postalCode": postcode}
    told = {name: value for name, value in address.items() if value}
    return {"@type": "Place", "address": {"@type": "PostalAddress", **told}}


def script_json(document: object) -> Markup:
    """Return a JSON document for the inside of a ``script`` element, which it cannot end."""
    text = json.dumps(document, ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - the signs that HTML reads are escaped above
