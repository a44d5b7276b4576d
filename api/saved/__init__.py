"""Saved queries on the command line."""
