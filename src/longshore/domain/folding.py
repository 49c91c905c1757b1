"""What is true about words that people type: upper and lower case, accents written in two ways and
stray spaces never make two of one.
"""

import unicodedata


def folded(text: str) -> str:
    """The form in which two spellings of one word are equal: compatible characters made one (NFKC),
    case folded (also beyond a to z: STRASSE and straße), spaces single.
    """
    once = unicodedata.normalize("NFKC", text).casefold()
    # Folding may take characters apart again (İ becomes i and a dot).
    return " ".join(unicodedata.normalize("NFKC", once).split())
