"""A bar of the first page's chart as a picture: black on white, for any printer."""

import io
from functools import cache
from typing import Final

from PIL import Image, ImageDraw

# Enough for paper at 300 dots an inch: 48 by 3.2 mm.
SIZE: Final = (568, 38)
LINE: Final = 3


@cache
def bar_picture(share: float, size: tuple[int, int] = SIZE) -> bytes:
    """A PNG of a bar that is black from its left end as far as a share of it, in hundredths."""
    width, height = size
    picture = Image.new("1", size, 1)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, width - 1, height - 1), outline=0, width=LINE)
    if share > 0:
        draw.rectangle((0, 0, round((width - 1) * min(share, 100) / 100), height - 1), fill=0)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
