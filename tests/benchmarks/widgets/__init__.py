"""Widgets that show tables, beside each other in one JupyterLab."""
