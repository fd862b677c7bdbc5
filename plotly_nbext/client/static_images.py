"""plotly's static image export: what its functions take, as what the images endpoint takes.

The names, their order, their defaults and what becomes of them are those of ``plotly.io.to_image``,
``write_image`` and ``write_images`` in plotly 6 and 7.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sized
from itertools import repeat
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from plotly_nbext.client.figures import figure_dict, is_several
from plotly_nbext.client.images import request
from plotly_nbext.client.whole_file import checked
from plotly_nbext.errors import ValidationError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence

    from plotly_nbext.client.image import Image
    from plotly_nbext.client.images import ImageRequest

__all__ = ["as_many", "as_plotly_has_it", "destination", "export", "write"]

_DEFAULTS: Final = {"format": "png", "width": 700, "height": 500, "scale": 1}


def as_plotly_has_it(
    figure: Mapping[str, Any],
    format: str | None = None,  # noqa: A002 - plotly's word
    width: float | None = None,
    height: float | None = None,
    scale: float | None = None,
) -> dict[str, Any]:
    """Settle how an image is wanted, where nothing is said by ``plotly.io.defaults``.

    Parameters
    ----------
    figure : mapping
        The figure as a dict: a size that is not given is its layout's, or its template's.
    format : str, optional
        Also in capitals.
    width, height, scale : float, optional
        As in :meth:`Client.render`.

    Returns
    -------
    dict
        With all four.
    """
    layout = _part(figure, "layout")
    template = _part(_part(layout, "template"), "layout")
    kind = format or _default("format")
    if isinstance(kind, str):
        kind = kind.lower()
    return {
        "format": kind,
        "width": width or layout.get("width") or template.get("width") or _default("width"),
        "height": height or layout.get("height") or template.get("height") or _default("height"),
        "scale": scale or _default("scale"),
    }


def export(
    fig: Any,
    format: str | None,  # noqa: A002 - as above
    width: float | None,
    height: float | None,
    scale: float | None,
    *,
    validate: bool,
) -> ImageRequest:
    """Write down what is wanted of a figure.

    Raises
    ------
    ValueError
        The figure is a dict, and not valid.
    """
    # plotly 7 knows no references to columns, and would refuse them
    if validate and isinstance(fig, Mapping) and not _has_references(fig):
        import plotly.graph_objects as go

        # a go.Figure has no config
        config = {"config": fig["config"]} if "config" in fig else {}
        fig = go.Figure(fig).to_dict() | config
    figure = figure_dict(fig)
    return request(figure, **as_plotly_has_it(figure, format, width, height, scale))


def _has_references(part: Any) -> bool:
    """Tell whether a figure names columns of grids: ``xsrc: "alice:88:e3a9dd"``."""
    if isinstance(part, Mapping):
        return any(
            (isinstance(value, str) and str(key).endswith("src")) or _has_references(value)
            for key, value in part.items()
        )
    # a list of objects has none but these
    is_objects = isinstance(part, list | tuple) and part and isinstance(part[0], Mapping)
    return bool(is_objects) and any(map(_has_references, part))


def destination(
    file: str | os.PathLike[str] | IO[bytes],
    format: str | None,  # noqa: A002 - as above
) -> tuple[Path | IO[bytes], str | None]:
    """Find where an image goes, and the format that a path's ending asks for.

    Raises
    ------
    ValidationError
        Nothing can be written there, or it does not tell the format.
    """
    if not (isinstance(file, str) or hasattr(file, "__fspath__")):
        if not hasattr(file, "write"):
            raise ValidationError(
                f"file must be a path or a file object, not {type(file).__name__}.", field="file"
            )
        return file, format
    path = checked(file)
    if format is None and not path.suffix:
        raise ValidationError(
            f"{str(path)!r} does not end in a format.",
            field="format",
            hint='Add an ending, such as .png, or give one: format="png".',
        )
    return path, format or path.suffix.removeprefix(".")


def write(image: Image, file: Path | IO[bytes]) -> None:
    """Write an image where it goes."""
    if isinstance(file, Path):
        image.save(file)
    else:
        file.write(image.data)


def as_many(fig: Any, **options: Any) -> tuple[int | None, Iterable[tuple[Any, dict[str, Any]]]]:
    """Pair figures with their options, each of which is a list, or one for all of them.

    Returns
    -------
    tuple of int or None and iterable
        How many there are, if that is known, and each figure with its options.

    Raises
    ------
    ValidationError
        There are more or less of the one than of the other.
    """
    lists = {name: each for name, each in options.items() if isinstance(each, list | tuple)}
    several = {"fig": fig} | lists if is_several(fig) else lists
    if not several:
        return 1, [(fig, options)]
    if "file" not in lists:
        raise ValidationError("file must be a list: a file for each figure.", field="file")
    sizes = {name: len(each) for name, each in several.items() if isinstance(each, Sized)}
    total = sizes["file"]
    if wrong := next((name for name, size in sizes.items() if size != total), None):
        raise _unequal(wrong, sizes[wrong], total)
    return total, _paired(fig if is_several(fig) else repeat(fig, total), options, lists, total)


def _paired(
    figures: Iterable[Any], options: dict[str, Any], lists: Mapping[str, Sequence[Any]], total: int
) -> Iterator[tuple[Any, dict[str, Any]]]:
    count = 0
    for count, figure in enumerate(figures, 1):
        if count > total:
            raise ValidationError(f"There are more figures than the {total} of file.", field="fig")
        yield figure, options | {name: each[count - 1] for name, each in lists.items()}
    if count < total:
        raise _unequal("fig", count, total)


def _unequal(name: str, size: int, total: int) -> ValidationError:
    return ValidationError(f"{name} is a list of {size}, but file of {total}.", field=name)


def _part(parent: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = parent.get(name)
    return part if isinstance(part, Mapping) else {}


def _default(name: str) -> Any:
    try:
        # not plotly.io.defaults, which imports kaleido: that takes longer than to render
        from plotly.io._defaults import defaults
    except ImportError:  # before plotly 6.1
        return _DEFAULTS[name]
    return getattr(defaults, f"default_{name}")
