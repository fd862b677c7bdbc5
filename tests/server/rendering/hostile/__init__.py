"""Figures that mean harm: one command runs them, ``pytest -m hostile``."""
