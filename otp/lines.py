"""Words of others as one line of text, which headers, tables and dossiers can hold."""


def one_line(text: str) -> str:
    """The text without control characters and halves of surrogate pairs, blanks single and trimmed.

    PostgreSQL takes no NUL, UTF-8 no half of a pair, and what holds a line break begins another header.
    """
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
