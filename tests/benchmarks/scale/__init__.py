"""Measures of what grows with what."""
