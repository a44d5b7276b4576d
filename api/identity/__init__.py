"""The sub-command ``verbund identity``."""
