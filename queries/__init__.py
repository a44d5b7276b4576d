"""The query catalogue, rules and checks, shipped as package data."""
