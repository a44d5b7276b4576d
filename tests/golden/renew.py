"""Write the golden answers anew: ``python -m tests.golden.renew``; then read the difference."""

from pathlib import Path

from api.asking import ask, from_graph
from api.documents import Form, serialise
from api.settings import Settings as ServerSettings
from graph.enquiries import read_enquiries
from graph.settings import Settings
from graph.store import EmbeddedStore

HERE = Path(__file__).parent


def main() -> None:
    """Answer every enquiry of the loaded graph as of 2026."""
    store = EmbeddedStore(ServerSettings().home)
    for iri in read_enquiries(store):
        answered = ask(store, from_graph(iri), "de", Settings(reference_year=2026))
        number = iri.rpartition("/enquiry-")[2].upper()
        text = serialise(answered, "de", Form.CSV)
        (HERE / f"{number}.csv").write_text(text, encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
