"""``%plotly_render`` and ``%%plotly_render``: a figure as an image in the notebook."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, cast

from IPython.core.magic import line_cell_magic, magics_class, needs_local_scope, no_var_expand
from IPython.core.magic_arguments import argument

import plotly_nbext
from plotly_nbext.notebook.captions import alt_text
from plotly_nbext.notebook.display import figure_bundle
from plotly_nbext.notebook.magics import arguments
from plotly_nbext.notebook.magics.configured import ConfiguredMagics
from plotly_nbext.notebook.magics.line import split
from plotly_nbext.notebook.magics.outputs import Outputs
from plotly_nbext.notebook.magics.parser import Parser, command_line
from plotly_nbext.notebook.magics.request import FORMATS, Request, read_body
from plotly_nbext.notebook.magics.results import if_kept
from plotly_nbext.notebook.magics.scope import Scope
from plotly_nbext.notebook.magics.traits import Choice, Factor, Pixels
from plotly_nbext.notebook.magics.usage import UsageError
from plotly_nbext.notebook.magics.views import Views
from plotly_nbext.notices import notify

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping

    from IPython.core.interactiveshell import InteractiveShell

    from plotly_nbext.client import Image
    from plotly_nbext.notebook.display import Bundle
    from plotly_nbext.notebook.magics.views import Run

__all__ = ["PlotlyRender"]


@magics_class
class PlotlyRender(ConfiguredMagics):
    """The magic that renders, and the defaults of its options."""

    format = Choice(
        tuple(FORMATS), "png", help="Format of images, where -f and --save name none."
    ).tag(config=True)
    width = Pixels(
        None,
        allow_none=True,
        help="Width in CSS pixels of figures that have no width of their own.",
    ).tag(config=True)
    height = Pixels(
        None,
        allow_none=True,
        help="Height in CSS pixels of figures that have no height of their own.",
    ).tag(config=True)
    scale = Factor(None, allow_none=True, help="The images' pixels per CSS pixel.").tag(config=True)

    def __init__(self, shell: InteractiveShell) -> None:
        super().__init__(shell)
        self._outputs = Outputs(shell)
        self._views = Views()

    def close(self) -> None:
        """Leave nothing behind in the shell."""
        super().close()
        self._outputs.close()

    @no_var_expand
    @needs_local_scope
    @line_cell_magic
    @command_line("plotly_render", example="%plotly_render fig --format svg")
    @argument("expr", nargs="*", help="a Python expression that gives a figure")
    @argument(
        "-f",
        "--format",
        type=str,
        choices=tuple(FORMATS),
        metavar="FORMAT",
        help=f"one of {', '.join(FORMATS)}; by default that of --save's file name",
    )
    @argument(
        "-W", "--width", type=arguments.pixels, help="width in CSS pixels; by default the figure's"
    )
    @argument(
        "-H",
        "--height",
        type=arguments.pixels,
        help="height in CSS pixels; by default the figure's",
    )
    @argument("-s", "--scale", type=arguments.scale, help="the image's pixels per CSS pixel")
    @argument(
        "-o", "--out", type=arguments.variable, metavar="NAME", help="variable to keep the Image in"
    )
    @argument("--save", type=str, metavar="FILE", help="file to write the image to")
    @argument(
        "--alt",
        type=str,
        metavar="TEXT",
        help="what the image shows, for those who can't see it",
    )
    @argument(
        "--encoded", action="store_true", help="have -o keep a data-URI in place of the Image"
    )
    @argument("--interactive", action="store_true", help="show it with controls of format and size")
    @argument(
        "--display-id",
        type=str,
        metavar="ID",
        help="replace the image that was shown with this id, wherever it is; where its cell was "
        "deleted or cleared by hand, take another id",
    )
    @argument("--quiet", action="store_true", help="show nothing; a final ; does the same")
    @argument("--json", action="store_true", help="the cell is a body of the images endpoint")
    def plotly_render(
        self, line: str, cell: str | None = None, local_ns: dict[str, Any] | None = None
    ) -> Image | None:
        """Render a figure on the server and show its image in the notebook.

        ::

            %plotly_render fig
            %plotly_render px.scatter(df, x="gdp per head", y="life") --format svg --width 700
            %plotly_render fig --save "plots/{country}.pdf" --quiet
            image = %plotly_render fig

        As a cell magic it runs the cell and renders its last expression; with --json the cell is
        a body of the images endpoint, and options on the line override its fields::

            %%plotly_render --json --width 400
            {"figure": {"data": [{"y": [10, 10, 2, 20]}]}, "format": "png", "encoded": false}

        Options may stand before or after the expression; a word that starts with a dash and a
        letter is one (write ``(a -b)`` or ``a - b`` to subtract). ``{expression}`` in the value of
        an option is filled in as in an f-string: ``--width {columns * 80}``. The image is shown,
        and ``image = %plotly_render fig`` keeps it too, as ``-o image`` does, also of a cell magic.
        """
        __tracebackhide__ = True
        words, silent = split(line)
        parser = cast("Parser", cast("Any", PlotlyRender.plotly_render).parser)
        if parser.asks_for_help(words):
            print(self._help())  # noqa: T201 - the cell's output
            return None
        scope = Scope(self._shell, local_ns)
        args = arguments.parse(parser, words, scope)
        if cell is not None and not args.json:
            silent = silent or self._shell.displayhook.semicolon_at_end_of_expression(cell)
        if args.save is not None:
            _check_place(args.save)  # before anything is rendered for it
        request = _read(args, cell, scope)
        image = self._render(request, args, scope, show=not (args.quiet or silent))
        return None if args.out else if_kept(image)

    def _render(self, request: Request, args: Namespace, scope: Scope, *, show: bool) -> Image:
        from plotly_nbext.client.figures import figure_dict  # brings pandas

        figure = request.figure
        request = self._settled(replace(request, figure=figure_dict(figure)), args)
        image = request.send()
        if not (show and args.interactive):  # the widget says it
            for sentence in image.warnings:
                notify(sentence)
        if args.save:
            image.save(args.save)
        if args.out:
            scope.store(args.out, image.data_uri if request.encoded else image)
        if show:
            self._show(request, image, figure, args)
            if request.encoded and not args.out:
                start = (image.data_uri or "")[:40]
                print(f"{start}… (-o NAME keeps it all)")  # noqa: T201 - the cell's output
        return image

    def _settled(self, request: Request, args: Namespace) -> Request:
        """Put the line's options over the fields of a request, and what is configured under."""
        asked = args.format or request.format
        asked = FORMATS.get(asked, asked) if asked else None
        of_file = _format_of(args.save)
        if args.save and not asked and not of_file:
            endings = ", ".join(f".{name}" for name in FORMATS)
            raise UsageError(
                f"--save {args.save} has no format.", hint=f"End it in {endings}, or give -f."
            )
        if asked and of_file and asked != of_file:
            raise UsageError(
                f"The format is {asked}, but --save names a file of {of_file}.",
                hint=f"Write --save {_named(args.save, asked)}, or -f {of_file}.",
            )
        layout = request.figure["layout"]
        width, height = (
            None if _has_own(layout, side) else getattr(self, side) for side in ("width", "height")
        )
        return replace(
            request,
            format=asked or of_file or FORMATS[self.format],
            width=args.width or request.width or width,
            height=args.height or request.height or height,
            scale=args.scale or request.scale or self.scale,
            encoded=args.encoded or request.encoded,
        )

    def _show(self, request: Request, image: Image, figure: Any, args: Namespace) -> None:
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


def _bundle(request: Request, image: Image, alt: str | None) -> Bundle:
    """Make the output of an image, with a PNG beside it if it is none."""
    images = [image]
    if image.format != "png":
        images.append(replace(request, format="png", encoded=False).send())
    return figure_bundle(images, request.figure, alt)


def _read(args: Namespace, cell: str | None, scope: Scope) -> Request:
    __tracebackhide__ = True
    expression = " ".join(args.expr)
    if cell is None:
        if args.json:
            raise UsageError(
                "--json goes with %%plotly_render and a cell that holds the JSON.",
                hint="To render JSON text that a variable holds, write %plotly_render text.",
            )
        if not expression:
            raise UsageError(
                "Which figure? Write %plotly_render EXPRESSION, such as fig.",
                hint="%plotly_render? shows all that can be written.",
            )
        return Request(scope.evaluate(expression))
    if expression:
        raise UsageError(
            f"%%plotly_render renders what the cell gives; {expression!r} can't stand on its line.",
            hint=f"Put it into the cell, or write %plotly_render {expression}.",
        )
    return read_body(cell) if args.json else Request(scope.run(cell))


def _check_place(file: str) -> None:
    from plotly_nbext.client.whole_file import checked  # brings pandas

    checked(file)


def _format_of(file: str | None) -> str | None:
    return FORMATS.get(PurePath(file or "").suffix.lower().removeprefix("."))


def _named(file: str, kind: str) -> str:
    return shlex.quote(str(PurePath(file).with_suffix(f".{kind}")))


def _has_own(layout: Mapping[str, Any], side: str) -> bool:
    """Tell whether a figure says its size itself; one that is ``autosize`` doesn't."""
    return bool(layout) and not layout.get("autosize") and layout.get(side) is not None
