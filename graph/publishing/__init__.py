"""Linked data out: descriptions of things, dumps, tables, and the catalogue of it all."""
