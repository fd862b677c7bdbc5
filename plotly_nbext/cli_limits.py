"""The options of ``serve`` that say how much each user may do."""

from __future__ import annotations

import argparse
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from plotly_nbext.server.limits.chosen import Limits

__all__ = ["limit_options", "limits_of", "whole_number"]

_RATE = "N/PERIOD"


def limit_options(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    add = command.add_argument_group(
        "limits", "what each user may do; none, if not said"
    ).add_argument
    rates = {
        "--rate-limit": "requests that each user may send, such as 600/minute",
        "--render-limit": "figures that each user may have drawn, such as 1000/day",
        "--failed-sign-in-limit": "wrong API keys that may come from an address, such as "
        "30/minute (not where many share one)",
    }
    for name, what in rates.items():
        add(
            name,
            action="append",
            default=[],
            type=_rate,
            metavar=_RATE,
            help=f"{what}; may be repeated",
        )
    add(
        "--quota-mb",
        type=whole_number(1),
        metavar="N",
        help="megabytes of values that each user may keep, unpacked",
    )
    add(
        "--quota-files",
        type=whole_number(1),
        metavar="N",
        help="grids, plots and folders that each user may keep",
    )
    add(
        "--render-queue",
        type=whole_number(1),
        default=1_000,
        metavar="N",
        help="most figures that wait to be drawn, of all users in turn (default: 1000)",
    )
    add(
        "--max-body-mb",
        type=whole_number(1),
        default=1_000,
        metavar="N",
        help="most megabytes of a body of JSON (default: 1000)",
    )
    add(
        "--max-grid-cells",
        type=whole_number(1),
        metavar="N",
        help="most cells of a grid, rows by columns",
    )


def limits_of(arguments: argparse.Namespace) -> Limits:
    """Read what was chosen."""
    from plotly_nbext.server.limits.chosen import Limits

    quota = arguments.quota_mb
    return Limits(
        requests=tuple(arguments.rate_limit),
        renders=tuple(arguments.render_limit),
        failed_sign_ins=tuple(arguments.failed_sign_in_limit),
        quota_bytes=None if quota is None else quota * 1_000_000,
        quota_files=arguments.quota_files,
        waiting_renders=arguments.render_queue,
        body_bytes=arguments.max_body_mb * 1_000_000,
        grid_cells=arguments.max_grid_cells,
    )


def whole_number(least: int) -> Callable[[str], int]:
    """Make what reads a whole number from `least` on."""

    def parse(text: str) -> int:
        with suppress(ValueError):
            if (number := int(text)) >= least:
                return number
        raise argparse.ArgumentTypeError(f"it is a whole number from {least} on, not {text!r}")

    return parse


def _rate(text: str) -> str:
    from plotly_nbext.server.limits.rates import parsed

    try:
        parsed(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"it is a number in a time, such as 600/minute or 10000/day, not {text!r}"
        ) from None
    return text
