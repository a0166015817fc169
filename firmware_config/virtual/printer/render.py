"""Draws a piece of paper as it looks in the hand."""

from io import BytesIO

import segno
from PIL import Image, ImageDraw

from firmware_config.virtual.printer.elements import Alarm, Bars, Element, Justify, Line, Piece, Qr, Raster, Run
from firmware_config.virtual.printer.fonts import glyph
from firmware_config.virtual.printer.models import Model

PAPER = (252, 251, 246)
INK = (36, 34, 40)
_THRESHOLD = 110
_TOOTH = 8


def picture(piece: Piece, model: Model) -> Image.Image:
    """RGB, as wide as the head of `model` in dots, as long as the paper."""
    height = max(1, sum(element.dots for element in piece.elements))
    ink = Image.new("L", (model.dots, height), 0)
    top = 0
    for element in piece.elements:
        _draw(ink, element, top, model)
        top += element.dots
    # A dot of a thermal head is black or not there.
    dots = ink.point(lambda value: 255 if value > _THRESHOLD else 0)
    paper = Image.new("RGB", ink.size, PAPER)
    paper.paste(INK, (0, 0), dots)
    if piece.cut == "torn":
        _ragged(paper)
    return paper


def png(piece: Piece, model: Model) -> bytes:
    """`picture` as a PNG file."""
    out = BytesIO()
    picture(piece, model).save(out, "PNG")
    return out.getvalue()


def qr_matrix(element: Qr) -> list[bytearray]:
    """Rows of modules, 1 is dark."""
    return [bytearray(row) for row in segno.make_qr(element.data, error=element.level, boost_error=False).matrix]


def _draw(ink: Image.Image, element: Element, top: int, model: Model) -> None:
    match element:
        case Line():
            _line(ink, element, top, model)
        case Raster():
            _raster(ink, element, top, model)
        case Qr():
            _qr(ink, element, top, model)
        case Bars():
            _bars(ink, element, top, model)
        case Alarm():
            _alarm(ink, element, top, model)


def _left(model: Model, justify: Justify, wide: int) -> int:
    if justify == "left":
        return 0
    return (model.dots - wide) // (2 if justify == "centre" else 1)


def _cell(model: Model, run: Run) -> tuple[int, int]:
    wide, high = model.cell_a if run.style.font == "a" else model.cell_b
    return wide * run.style.width, high * run.style.height


def _line(ink: Image.Image, line: Line, top: int, model: Model) -> None:
    cells = [_cell(model, run) for run in line.runs]
    tallest = max(high for _, high in cells)
    x = _left(model, line.justify, sum(wide * len(run.text) for run, (wide, _) in zip(line.runs, cells, strict=True)))
    for run, (wide, high) in zip(line.runs, cells, strict=True):
        y = top + tallest - high
        if run.style.reverse:
            ink.paste(255, (x, y, x + wide * len(run.text), y + high))
        for char in run.text:
            if char != " ":
                mask = glyph(char, wide, high, bold=run.style.bold)
                ink.paste(0 if run.style.reverse else 255, (x, y), mask)
            x += wide
        if run.style.underline:
            start = x - wide * len(run.text)
            ink.paste(255, (start, y + high - run.style.underline, x, y + high))


def _raster(ink: Image.Image, raster: Raster, top: int, model: Model) -> None:
    picture = Image.frombytes("1", (raster.width_bytes * 8, raster.rows), raster.data).convert("L")
    size = (picture.width * raster.scale_x, picture.height * raster.scale_y)
    picture = picture.resize(size, Image.Resampling.NEAREST)
    ink.paste(picture, (max(0, _left(model, raster.justify, picture.width)), top))


def _qr(ink: Image.Image, qr: Qr, top: int, model: Model) -> None:
    left = _left(model, qr.justify, qr.dots)
    for row, modules in enumerate(qr_matrix(qr)):
        for column, dark in enumerate(modules):
            if dark:
                x, y = left + column * qr.module, top + row * qr.module
                ink.paste(255, (x, y, x + qr.module, y + qr.module))


def _bars(ink: Image.Image, bars: Bars, top: int, model: Model) -> None:
    left = _left(model, bars.justify, len(bars.modules) * bars.bar)
    for place, dark in enumerate(bars.modules):
        if dark == "1":
            x = left + place * bars.bar
            ink.paste(255, (x, top, x + bars.bar, top + bars.height))
    if bars.text_below:
        wide, high = model.cell_a
        x = left + (len(bars.modules) * bars.bar - wide * len(bars.text)) // 2
        for char in bars.text:
            ink.paste(255, (x, top + bars.height), glyph(char, wide, high, bold=False))
            x += wide


def _alarm(ink: Image.Image, alarm: Alarm, top: int, model: Model) -> None:
    ink.paste(255, (0, top + 2, model.dots, top + alarm.dots - 2))
    wide, high = model.cell_a
    for place, char in enumerate(alarm.text[: model.dots // wide - 1]):
        ink.paste(0, (6 + place * wide, top + 3), glyph(char, wide, high, bold=True))


def _ragged(paper: Image.Image) -> None:
    """A torn edge instead of a cut one, in the grey of what lies behind."""
    draw = ImageDraw.Draw(paper)
    bottom = paper.height
    for x in range(0, paper.width, 2 * _TOOTH):
        draw.polygon([(x, bottom), (x + _TOOTH, bottom - _TOOTH), (x + 2 * _TOOTH, bottom)], fill=(190, 190, 190))
