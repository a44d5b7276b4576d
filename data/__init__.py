"""The reference data set: cited facts and their mapping, shipped as package data."""
