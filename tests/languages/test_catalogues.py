"""The translations that stand in the repository: complete, compiled, and saying the same as the Dutch sentence."""

import re

import pytest

from tests.languages.catalogues import LANGUAGES, TO_READ, compiled, po_file, read, sentences, words_of

PLACE = re.compile(r"%\(\w+\)s|</?\w+")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_a_public_page_is_translated(language):
    translated = {words_of(message) for message in read(language) if message.id and all(message.string)}

    assert sorted(sentences() - translated, key=str) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_translated_that_nobody_says_any_more(language):
    assert {words_of(message) for message in read(language) if message.id} - sentences() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language):
    assert po_file(language).with_suffix(".mo").read_bytes() == compiled(read(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_every_name_and_every_tag_in_its_place(language):
    for message in read(language):
        said = [message.id] if isinstance(message.id, str) else list(message.id)
        translated = [message.string] if isinstance(message.string, str) else list(message.string)
        for each in translated if message.id else []:
            assert sorted(PLACE.findall(each)) == sorted(PLACE.findall(said[0])), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_says_that_someone_who_grew_up_with_the_language_still_has_to_read_it(language):
    assert TO_READ in po_file(language).read_text().splitlines()[0].lower()
