"""Client of the Verbund API for Python; models and methods are made from its OpenAPI document.

>>> with Verbund("http://127.0.0.1:8000") as verbund:
...     for organisation in verbund.every(verbund.list_organisations(q="jena")):
...         print(organisation.name)
"""

from verbund_client.connection import ProblemError, Table
from verbund_client.generated import Verbund

__all__ = ["ProblemError", "Table", "Verbund"]
