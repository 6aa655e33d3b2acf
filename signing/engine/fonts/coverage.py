"""Which characters the faces of visible signatures have."""

WRITTEN = frozenset(
    code
    for first, last in (
        (0x20, 0x24F),
        (0x2B0, 0x2FF),
        (0x370, 0x4FF),
        (0x1E00, 0x1EFF),
        (0x2010, 0x205E),
        (0x20A0, 0x20BF),
    )
    for code in range(first, last + 1)
) | {0x2116, 0x2122}
"""What the faces of an integrator's lines have: letters of Europe and Vietnam, their punctuation, currencies."""
WORLD = frozenset(
    code
    for first, last in (
        (0x20, 0x40),
        (0x530, 0x5FF),  # Armenian, Hebrew
        (0x600, 0x6FF),  # Arabic
        (0x750, 0x77F),
        (0xE00, 0xEFF),  # Thai, Lao
        (0x10A0, 0x10FF),  # Georgian
        (0x1200, 0x13FF),  # Ethiopic, Cherokee
        (0x1400, 0x167F),  # Canadian syllabics
        (0x2D00, 0x2D7F),  # Georgian, Tifinagh
        (0xFB13, 0xFBFF),  # ligatures of Armenian, forms of Hebrew and Arabic
        (0xFE70, 0xFEFF),
    )
    for code in range(first, last + 1)
)
"""Scripts of names that the text faces lack, the letters of Arabic in the forms that they take in words."""
EAST = frozenset(
    code
    for first, last in (
        (0x20, 0x20),
        (0x3000, 0x312F),
        (0x31A0, 0x31BF),
        (0x4E00, 0x9FFF),
        (0xAC00, 0xD7A3),
        (0xF900, 0xFAFF),
        (0xFF00, 0xFFEF),
    )
    for code in range(first, last + 1)
)
"""Names in Chinese, Japanese and Korean."""
RARE = frozenset(
    code
    for first, last in (
        (0x16A0, 0x16FF),  # runes
        (0x3400, 0x4DBF),  # Extension A of Chinese characters
        (0x10400, 0x1044F),  # Deseret
        (0x20000, 0x2A6DF),  # Extension B, as far as Japan and Hong Kong write names with it
    )
    for code in range(first, last + 1)
)
"""In a face of its own, which is read where a name needs it: it is larger than most of the others together."""
