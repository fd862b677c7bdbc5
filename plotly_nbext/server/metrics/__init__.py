"""What happens in a server, counted for its operator: requests, images, chunks, errors.

:class:`.Metrics` is what the server's parts are handed, and keeps nothing: whoever does not ask for
metrics pays nothing for them. ``prometheus`` keeps them and spells them out.
"""

from plotly_nbext.server.metrics.metrics import Metrics

__all__ = ["Metrics"]
