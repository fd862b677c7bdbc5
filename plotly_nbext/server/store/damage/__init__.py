"""What is damaged in a database, found by reading all of it."""

from plotly_nbext.server.store.damage.examination import Examination, Finding
from plotly_nbext.server.store.damage.of_files import examine

__all__ = ["Examination", "Finding", "examine"]
