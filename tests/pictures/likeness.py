"""Whether two pictures of a page look alike to somebody who glances at them."""

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops

HALF = 2
HIGHEST = 2400  # px of a page that are kept; what stands further down is more of the same
QUALITY = 40  # of WebP: text stays legible
BLOCK = 8  # px of a kept picture that are looked at together
CHANGED = 24  # of 255: a block that differs more is another one
WHITE = 255


def reduced(png: bytes) -> Image.Image:
    """Return a screenshot as it is kept: half as large, its beginning."""
    image = Image.open(BytesIO(png)).convert("RGB")
    image = image.crop((0, 0, image.width, min(image.height, HIGHEST)))
    return image.resize((image.width // HALF, image.height // HALF), Image.Resampling.BOX)


def keep(image: Image.Image, file: Path) -> None:
    """Write a picture down."""
    image.save(file, "WEBP", quality=QUALITY, method=6)


def unlike(image: Image.Image, file: Path) -> float:
    """Return which share (0 to 1) of a picture looks other than the one that was kept."""
    with Image.open(file) as kept:
        before = kept.convert("RGB")
    size = max(image.width, before.width), max(image.height, before.height)
    difference = ImageChops.difference(_on_paper(image, size), _on_paper(before, size)).convert("L")
    blocks = difference.resize((max(1, size[0] // BLOCK), max(1, size[1] // BLOCK)), Image.Resampling.BOX)
    counts = blocks.histogram()
    return sum(counts[CHANGED:]) / sum(counts)


def _on_paper(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    paper = Image.new("RGB", size, (WHITE, WHITE, WHITE))
    paper.paste(image)
    return paper
