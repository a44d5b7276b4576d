"""Client of the Verbund API for Python; models and methods are made from its OpenAPI document.

>>> with Verbund("http://127.0.0.1:8000") as verbund:
...     for organisation in verbund.every(verbund.list_organisations(q="jena")):
...         print(organisation.name)
"""

from verbund_client.client import JobError, Verbund
from verbund_client.connection import ProblemError, Table

__all__ = ["JobError", "ProblemError", "Table", "Verbund"]
