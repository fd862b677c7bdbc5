"""Figures to images on a Dask cluster, whose workers have the browsers."""
