"""Harvests of sources of others, from the command line and over HTTP."""
