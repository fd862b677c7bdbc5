"""Figures that mean harm: one command runs them, ``pytest tests/server/rendering/hostile``."""
