"""``%plotly_render`` and ``%%plotly_render``: a figure as an image in the notebook."""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, cast

from IPython.core.error import UsageError
from IPython.core.magic import (
    Magics,
    line_cell_magic,
    magics_class,
    needs_local_scope,
    no_var_expand,
)
from IPython.core.magic_arguments import argument, magic_arguments

import plotly_nbext
from plotly_nbext.errors import PlotlyNbextWarning, ValidationError
from plotly_nbext.notebook.captions import alt_text
from plotly_nbext.notebook.display import figure_bundle
from plotly_nbext.notebook.magics.arguments import parse, pixels, scale, template, variable
from plotly_nbext.notebook.magics.line import split, unquote
from plotly_nbext.notebook.magics.outputs import Outputs
from plotly_nbext.notebook.magics.scope import Scope
from plotly_nbext.notebook.magics.views import Views

if TYPE_CHECKING:
    from argparse import Namespace

    from IPython.core.interactiveshell import InteractiveShell

    from plotly_nbext.client import Image
    from plotly_nbext.notebook.display import Bundle
    from plotly_nbext.notebook.magics.views import Run

__all__ = ["RenderMagics"]

# as in the client, which is slow to import
FORMATS = {name: name for name in ("png", "jpeg", "webp", "svg", "pdf", "eps")} | {"jpg": "jpeg"}


@dataclass(frozen=True)
class _Request:
    """The body of the images endpoint."""

    figure: Any
    format: str | None = None
    width: int | None = None
    height: int | None = None
    scale: float | None = None
    encoded: bool = False

    def send(self) -> Image:
        image: Image = plotly_nbext.render(
            self.figure,
            format=self.format or "png",
            width=self.width,
            height=self.height,
            scale=self.scale,
            encoded=self.encoded,
            warn=False,
        )
        return image


@magics_class
class RenderMagics(Magics):
    """The magic that renders."""

    def __init__(self, shell: InteractiveShell) -> None:
        super().__init__(shell)
        self._shell = shell
        self._outputs = Outputs(shell)
        self._views = Views()

    @no_var_expand
    @needs_local_scope
    @line_cell_magic
    @magic_arguments()
    @argument("expr", nargs="*", help="a Python expression that gives a figure")
    @argument(
        "-f",
        "--format",
        type=unquote,
        choices=tuple(FORMATS),
        help="format of the image; by default that of --save's file name, or png",
    )
    @argument("-W", "--width", type=pixels, help="width in CSS pixels")
    @argument("-H", "--height", type=pixels, help="height in CSS pixels")
    @argument("-s", "--scale", type=scale, help="the image's pixels per CSS pixel")
    @argument("-o", "--out", type=variable, help="variable to keep the Image in")
    @argument("--save", type=template, help="file to write the image to")
    @argument("--alt", type=template, help="what the image shows, for those who can't see it")
    @argument("--encoded", action="store_true", help="keep a data-URI in place of the Image")
    @argument("--interactive", action="store_true", help="show it with controls of format and size")
    @argument("--display-id", type=template, help="replace the image that was shown with this id")
    @argument("--quiet", action="store_true", help="show nothing; a final ; does the same")
    @argument("--json", action="store_true", help="the cell is a body of the images endpoint")
    def plotly_render(
        self, line: str, cell: str | None = None, local_ns: dict[str, Any] | None = None
    ) -> None:
        """Render a figure on the server and show its image in the notebook.

        ::

            %plotly_render fig
            %plotly_render px.scatter(df, x="gdp per head", y="life") --format svg --width 700
            %plotly_render fig --save "plots/{country}.pdf" --quiet
            %plotly_render fig -o image

        As a cell magic it runs the cell and renders its last expression; with --json the cell is
        a body of the images endpoint, and options on the line override its fields::

            %%plotly_render --json --width 400
            {"figure": {"data": [{"y": [10, 10, 2, 20]}]}, "format": "png", "encoded": false}

        Options may stand before or after the expression; a word that starts with a dash and a
        letter is one (write ``(a -b)`` or ``a - b`` to subtract). ``{expression}`` in the text of
        --save, --alt and --display-id is filled in as in an f-string. The image is the cell's
        output, not the magic's value: ``image = %plotly_render fig`` shows it and gives None.
        Use ``-o image`` to keep it.
        """
        __tracebackhide__ = True
        words, silent = split(line)
        scope = Scope(self._shell, local_ns)
        args = parse(cast("Any", RenderMagics.plotly_render).parser, words, scope)
        if cell is not None and not args.json:
            silent = silent or self._shell.displayhook.semicolon_at_end_of_expression(cell)
        request = _override(_read(args, cell, scope), args)
        self._render(request, args, scope, show=not (args.quiet or silent))

    def _render(self, request: _Request, args: Namespace, scope: Scope, *, show: bool) -> None:
        from plotly_nbext.client.figures import figure_dict  # brings pandas

        figure = request.figure
        request = replace(request, figure=figure_dict(figure))
        image = request.send()
        if not (show and args.interactive):  # the widget says it
            _tell(image)
        if args.save:
            image.save(args.save)
        if args.out:
            scope.store(args.out, image.data_uri if request.encoded else image)
        if not show:
            return
        self._show(request, image, figure, args)
        if request.encoded and not args.out:
            start = (image.data_uri or "")[:40]
            print(f"{start}… (-o NAME keeps the whole data-URI)")  # noqa: T201 - the cell's output

    def _show(self, request: _Request, image: Image, figure: Any, args: Namespace) -> None:
        display_id = args.display_id
        is_new = display_id is None or self._outputs.is_new(display_id)
        self._views.begin(self._run, display_id if is_new else None)
        options: dict[str, Any] = {
            "format": request.format or "png",
            "width": request.width,
            "height": request.height,
            "scale": request.scale,
        }
        if not is_new and (view := self._views.living(display_id)):
            alt = alt_text(request.figure) if args.alt is None else args.alt
            with view.hold_trait_notifications():
                view.set_trait("figure", figure)
                for name, value in (options | {"alt": alt}).items():
                    view.set_trait(name, value)
            return
        if not (args.interactive and is_new):
            self._outputs.show(_bundle(request, image, args.alt), display_id, update=not is_new)
        if args.interactive:
            view = plotly_nbext.FigureView(figure, alt=args.alt, **options)
            view.show(display_id)
            self._views.add(self._run, display_id, view)

    @property
    def _run(self) -> Run:
        return self._outputs.cell_id, self._outputs.run


def _tell(image: Image) -> None:
    """Warn of what is missing, in a line without the code that IPython makes of the magic's."""
    for sentence in image.warnings:
        warnings.warn_explicit(sentence, PlotlyNbextWarning, "%plotly_render", 1)


def _bundle(request: _Request, image: Image, alt: str | None) -> Bundle:
    """Make the output of an image, with a PNG beside it if it is none."""
    images = [image]
    if image.format != "png":
        images.append(replace(request, format="png", encoded=False).send())
    return figure_bundle(images, request.figure, alt)


def _read(args: Namespace, cell: str | None, scope: Scope) -> _Request:
    __tracebackhide__ = True
    expression = " ".join(args.expr)
    if cell is None:
        if args.json:
            raise UsageError("--json goes with %%plotly_render and a cell that holds the JSON.")
        if not expression:
            raise UsageError("Which figure? Write %plotly_render EXPRESSION, such as fig.")
        return _Request(scope.evaluate(expression))
    if expression:
        raise UsageError(
            f"%%plotly_render renders what the cell gives; {expression!r} can't stand on its line."
        )
    return _read_body(cell) if args.json else _Request(scope.run(cell))


def _read_body(cell: str) -> _Request:
    try:
        body = json.loads(cell)
    except ValueError as error:
        raise UsageError(f"The cell can't be read: {error}") from None
    if not isinstance(body, dict) or "figure" not in body:
        raise ValidationError(
            "The body has no figure.",
            field="figure",
            hint='Write {"figure": {"data": […], "layout": {…}}, "format": "png"}.',
        )
    if not isinstance(body.get("encoded", False), bool):
        raise ValidationError(f"encoded must be true or false, not {body['encoded']!r}.")
    width, height, scale = (_number(body, field) for field in ("width", "height", "scale"))
    return _Request(
        figure=body["figure"],
        format=body.get("format"),
        width=None if width is None else round(width),
        height=None if height is None else round(height),
        scale=scale,
        encoded=body.get("encoded", False),
    )


def _number(body: dict[str, Any], field: str) -> float | None:
    """Read a number of the body; one that is not positive counts as none, as on the server."""
    try:
        number = float(body.get(field) or 0)
    except (TypeError, ValueError):
        raise ValidationError(f"{field} must be a number, not {body[field]!r}.") from None
    return number if number > 0 else None


def _override(request: _Request, args: Namespace) -> _Request:
    """Put the line's options over the fields of a request, and settle the format."""
    asked = args.format or request.format
    if asked == "jpg":
        asked = "jpeg"
    of_file = FORMATS.get(PurePath(args.save or "").suffix.lower().removeprefix("."))
    if args.save and not asked and not of_file:
        endings = ", ".join(f".{name}" for name in FORMATS)
        raise UsageError(f"--save {args.save} has no format: end it in {endings}, or give -f.")
    if asked and of_file and asked != of_file:
        raise UsageError(f"The format is {asked}, but --save names a file of {of_file}.")
    return replace(
        request,
        format=asked or of_file or "png",
        width=args.width or request.width,
        height=args.height or request.height,
        scale=args.scale or request.scale,
        encoded=args.encoded or request.encoded,
    )
