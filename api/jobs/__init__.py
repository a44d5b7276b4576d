"""Long work that a client starts, follows, cancels and collects."""
