"""Profiles for people and programs: forms, submissions, reviews, upkeep."""
