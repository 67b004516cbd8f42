"""Quote check: whether a quote is an exact piece of a text."""


def folded(text: str) -> str:
    """White space folded to single spaces; nothing else is touched, so a changed number or an added "ikke" shows."""
    return " ".join(text.split())


def stands_in(quote: str, text: str) -> bool:
    """Whether `quote` is a piece of `text`, white space aside. An empty quote stands nowhere."""
    wanted = folded(quote)
    return bool(wanted) and wanted in folded(text)
