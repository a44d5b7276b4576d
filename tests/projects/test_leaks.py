"""Nothing of a project leaves by any channel but to coordinators."""

import pytest

from api.access.roles import Role
from graph.projects import Plan, revise
from tests.projects.conftest import Office
from tests.projects.test_http import URL, opened

HIDDEN = "Geheimlauf"
SEARCH = f"""SELECT * {{ {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ ?s ?p ?o }} }}
FILTER(CONTAINS(STR(?o), "{HIDDEN}") || CONTAINS(STR(?g), "graph/projects")) }}"""


@pytest.mark.parametrize("role", [None, Role.PARTNER])
def test_nothing_of_a_project_leaves(office: Office, project: str, role: Role | None) -> None:
    office.apply(revise(office.edit(project), Plan(HIDDEN)))
    name = project.rpartition("/")[2]
    paths = [
        *("/", "/organisations", "/graphs", "/catalog", "/feed", "/dumps", "/graphs?default"),
        *(f"/id/{name}", "/graphs?graph=https://w3id.org/verbund/graph/projects"),
        *("/queries/projects-by-phase", "/queries/projects-with-partners"),
        *("/api/v1/graphs", "/api/v1/organisations"),
        *(URL, f"{URL}/{name}", f"{URL}/{name}/amounts", f"{URL}/{name}/funding"),
        *(f"{URL}/overdue", f"{URL}/due", f"{URL}/calendar.ics"),
        *(f"{URL}/budget.csv", f"{URL}/milestones.csv"),
    ]
    with opened(office, role) as client:
        for accept in ("text/html", "application/json", "text/turtle", "text/csv"):
            for path in paths:
                answer = client.get(path, headers={"Accept": accept})
                assert HIDDEN not in answer.text, path
                assert name not in answer.text.replace(path, ""), path
        found = client.get("/sparql", params={"query": SEARCH}, headers={"Accept": "text/csv"})
        assert (found.status_code, len(found.text.splitlines())) == (200, 1)
    with opened(office, Role.COORDINATOR) as client:
        found = client.get("/sparql", params={"query": SEARCH}, headers={"Accept": "text/csv"})
        assert HIDDEN in found.text
        assert HIDDEN in client.get(URL).text
