"""Loading of the reference data.

The tables of ``data/`` are described by W3C CSVW metadata and mapped by SPARQL CONSTRUCT queries;
see ``docs/decisions/0005-csvw-and-sparql-construct-mapping.md``.
"""

from graph.loading.findings import Progress, RowFinding
from graph.loading.fingerprint import fingerprint
from graph.loading.reference import Loaded, load_reference

__all__ = ["Loaded", "Progress", "RowFinding", "fingerprint", "load_reference"]
