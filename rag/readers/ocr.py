"""Text recognition for scanned pages: PDFium draws the page, Tesseract reads it in Danish."""

import shutil
import threading
from typing import Protocol

from rag.readers.limits import Watch

DOTS_PER_INCH = 200
MAX_PIXELS = 12_000_000  # an A4 page at 300 dpi has 8.7 million; a drawing in A0 must not fill the memory
POINTS_PER_INCH = 72

# PDFium keeps global state and may not be entered by two threads; a Streamlit server has many.
_PDFIUM = threading.Lock()


class PageRecognition(Protocol):
    """Reads the text in the picture of a PDF page."""

    def available(self) -> bool:
        """True when Danish text recognition is installed here."""
        ...

    def page_text(self, pdf: bytes, page: int, watch: Watch) -> str:
        """Return the plain text of one page (1-based); lines end in "\\n", paragraphs in a blank line.

        Any exception means that this page could not be read.
        """
        ...


class Tesseract:
    """The Tesseract program with the Danish model, when both are installed."""

    def __init__(self, language: str = "dan") -> None:
        self.language = language

    def available(self) -> bool:
        import pytesseract

        if shutil.which(pytesseract.pytesseract.tesseract_cmd) is None:
            return False
        try:
            return self.language in pytesseract.get_languages(config="")
        except (OSError, RuntimeError, pytesseract.TesseractError):
            return False

    def page_text(self, pdf: bytes, page: int, watch: Watch) -> str:
        import pypdfium2
        import pytesseract

        with _PDFIUM:
            document = pypdfium2.PdfDocument(pdf)
            try:
                sheet = document[page - 1]
                width, height = sheet.get_size()
                square_inches = max(width * height, 1.0) / POINTS_PER_INCH**2
                dots = min(DOTS_PER_INCH, (MAX_PIXELS / square_inches) ** 0.5)
                image = sheet.render(scale=dots / POINTS_PER_INCH, grayscale=True).to_pil()
            finally:
                document.close()
        image.info["dpi"] = (dots, dots)
        watch.check()
        return str(pytesseract.image_to_string(image, lang=self.language, timeout=max(watch.remaining(), 0.1)))
