"""What the operations below ``/api/v1`` share: documents, pages, sparse fields, the context."""
