"""Needs, initiatives and meetings for people and programs."""
