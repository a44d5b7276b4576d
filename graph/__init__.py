"""Knowledge graph core: model, matching, consortium, store, loading and validation."""
