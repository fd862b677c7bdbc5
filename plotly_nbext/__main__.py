"""``python -m plotly_nbext`` is the command ``plotly-nbext``."""

import sys

from plotly_nbext.cli import main

sys.exit(main())
