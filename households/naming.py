"""Where a text names someone: a name as a word of its own, however it is accented; a number however it is spaced."""

import re
import unicodedata

BETWEEN_DIGITS = r"[\s./()-]*"


class Naming:
    """What someone is called, to look for in free text."""

    def __init__(self, names, numbers=()):
        """`names` are names, addresses and whatever is one word or more; `numbers` are phones."""
        words = sorted({name.strip() for name in names if len(name.strip()) > 1}, key=len, reverse=True)
        patterns = [rf"(?<!\w){_whatever_the_accent(word)}(?!\w)" for word in words]
        digits = {re.sub(r"\D", "", number) for number in numbers}
        patterns += [rf"(?<!\d){BETWEEN_DIGITS.join(each)}(?!\d)" for each in sorted(digits) if len(each) > 5]
        self._pattern = re.compile("|".join(patterns), re.IGNORECASE) if patterns else None

    def is_in(self, text):
        return bool(self._pattern and text and self._pattern.search(_apart(text)))

    def replaced(self, text, by):
        """The same text with something else in place of each name."""
        if not self.is_in(text):
            return text
        return unicodedata.normalize("NFC", self._pattern.sub(by, _apart(text)))


def _apart(text):
    """The accents as characters of their own behind their letter."""
    return unicodedata.normalize("NFD", text)


def _whatever_the_accent(word):
    letters = [each for each in _apart(word) if not unicodedata.combining(each)]
    return "".join(rf"{re.escape(each)}[\u0300-\u036f]*" for each in letters)
