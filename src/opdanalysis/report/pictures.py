"""Pictures small enough to travel inside a page, and addresses that hold the data themselves."""

from __future__ import annotations

import base64
import io
import re
from urllib.parse import quote

DECIMALS = 2
"""Decimals of a point of a curve; the picture is measured in points, a third of a millimetre."""

COLOURS = 128
"""Colours that a picture of dots may keep."""

MOST_SVG = 125_000
"""Bytes from which a drawing of many strokes is sent as a picture of dots."""

_NUMBER = re.compile(rb"-?\d+\.\d{3,}")
_PATH = re.compile(rb' d="[^"]*"')


def lighter_svg(svg: bytes) -> bytes:
    """A drawing whose curves have as many decimals as can be seen."""
    body = re.sub(rb"<metadata>.*?</metadata>", b"", svg, flags=re.DOTALL)
    body = re.sub(rb"<!--.*?-->\s*", b"", body, flags=re.DOTALL)
    return _PATH.sub(lambda path: _NUMBER.sub(_rounded, path[0]), body)


def _rounded(number: re.Match[bytes]) -> bytes:
    return f"{float(number[0]):.{DECIMALS}f}".rstrip("0").rstrip(".").encode()


def lighter_png(png: bytes) -> bytes:
    """A picture of dots with fewer colours, on white."""
    from PIL import Image

    with Image.open(io.BytesIO(png)) as picture:
        flat = Image.new("RGB", picture.size, "white")
        flat.paste(picture, mask=picture.getchannel("A") if "A" in picture.getbands() else None)
    few = flat.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    target = io.BytesIO()
    few.save(target, format="PNG")
    return min(target.getvalue(), png, key=len)


def png_size(png: bytes) -> tuple[int, int]:
    """Width and height of a picture of dots [pixels], from its head."""
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


def picture_address(svg: bytes | None, png: bytes) -> str:
    """A picture as an address that holds it: the drawing, or the dots where it is too heavy."""
    if svg is not None:
        light = lighter_svg(svg)
        if len(light) <= MOST_SVG:
            return f"data:image/svg+xml,{quote(light, safe=_SAFE)}"
    return f"data:image/png;base64,{base64.b64encode(lighter_png(png)).decode()}"


_SAFE = " !$&'()*+,-./:;=?@[]^_`{|}~"
"""What may stay as it is inside an address between double quotes."""


def data_address(csv: bytes) -> str:
    """A table as an address that holds it, to be saved as a file."""
    return f"data:text/csv;charset=utf-8;base64,{base64.b64encode(csv).decode()}"
