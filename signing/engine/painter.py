"""Draws one page of a PDF as a picture, in a process of its own: `python -m signing.engine.painter SOURCE PAGE`.

Whatever the page does to the library that draws it ends this process and nothing else. The WebP goes to stdout.
"""

import io
import resource
import sys

import pypdfium2

WIDTH = 1240  # pixels, an A4 page at 150 to the inch
MOST_PIXELS = 8_000_000
QUALITY = 82
CPU_SECONDS = 15
MEMORY_BYTES = 1_500_000_000


def main(source: str, page: int) -> None:
    """Write page `page` (1 is the first) of the file `source` as WebP."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    document = pypdfium2.PdfDocument(source)
    document.init_forms()  # what is written in fields is seen, as on screen
    sheet = document[page - 1]
    width, height = sheet.get_size()
    scale = min(WIDTH / width, (MOST_PIXELS / (width * height)) ** 0.5)
    out = io.BytesIO()
    sheet.render(scale=scale).to_pil().convert("RGB").save(out, "WEBP", quality=QUALITY, method=2)
    sys.stdout.buffer.write(out.getvalue())


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
