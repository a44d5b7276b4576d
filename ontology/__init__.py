"""The ontology and its schemes, shipped as package data."""
