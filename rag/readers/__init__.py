"""Readers: files of six formats become headings, paragraphs, list items and tables with page numbers."""

from rag.readers.blocks import Block, BlockKind
from rag.readers.document import Document, read_document
from rag.readers.errors import (
    DamagedFile,
    EmptyFile,
    ProtectedFile,
    TookTooLong,
    TooLarge,
    UnreadableFile,
    UnsupportedFile,
)
from rag.readers.limits import Limits
from rag.readers.ocr import PageRecognition, Tesseract

__all__ = [
    "Block",
    "BlockKind",
    "DamagedFile",
    "Document",
    "EmptyFile",
    "Limits",
    "PageRecognition",
    "ProtectedFile",
    "Tesseract",
    "TooLarge",
    "TookTooLong",
    "UnreadableFile",
    "UnsupportedFile",
    "read_document",
]
