"""Figures whose arrays are columns of a grid: ``xsrc`` in place of ``x``, and back."""

from plotly_nbext.client.linking.linking import Linking

__all__ = ["Linking"]
