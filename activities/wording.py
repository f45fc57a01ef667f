"""Sentences about the planning that more than one page says."""


def moments(count):
    return "1 moment" if count == 1 else f"{count} momenten"


def replanned_in_words(replanned):
    """What became of the coming moments, in short sentences."""
    said = [
        (replanned.changed, "vanaf nu aangepast"),
        (replanned.added, "toegevoegd"),
        (replanned.skipped, "niet meer gepland"),
        (replanned.with_people, "met mensen erin"),
        (replanned.left_alone, "gelaten zoals het was: afgelast of met de hand aangepast"),
    ]
    sentences = [f"{moments(count)} {what}." for count, what in said if count]
    return " ".join(sentences) or "Aan de momenten verandert niets."
