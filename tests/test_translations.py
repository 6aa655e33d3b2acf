"""The catalogues of translations: complete, compiled, and of one mind where they have the same text."""

import re
from itertools import combinations

import pytest
from django.apps import apps
from django.db.models import Model
from django.utils import translation

from config import messages
from config.messages import CATALOGUES, Catalogue
from tests.typography import loose

OURS = {"evidence", "otp", "signing", "clients", "backend"}
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")


def english(catalogue: Catalogue) -> dict[object, str]:
    """English by French; plurals by text and number."""
    return messages.read(catalogue.mo.read_bytes())


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda each: each.app)
def test_every_text_is_translated_and_compiled(catalogue: Catalogue) -> None:
    """Issue 3, part 6: English beside French, everywhere people read. Nothing fuzzy, nothing gone, nothing new."""
    assert not list(messages.complaints(catalogue))


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda each: each.app)
def test_a_translation_says_all_that_its_text_says(catalogue: Catalogue) -> None:
    """A name or an instant left out of a sentence would be left out of what the reader is told."""
    differing = {
        text: said
        for text, said in english(catalogue).items()
        if isinstance(text, str) and sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(said))
    }

    assert not differing


@pytest.mark.parametrize(("one", "other"), [*combinations(CATALOGUES, 2)], ids=lambda each: each.app)
def test_the_same_text_has_the_same_translation_everywhere(one: Catalogue, other: Catalogue) -> None:
    """Django lays all catalogues over each other: of two translations one would never be shown."""
    first, second = english(one), english(other)
    shared = {text for text in set(first) & set(second) if text and first[text] and second[text]}

    assert {text: (first[text], second[text]) for text in shared if first[text] != second[text]} == {}


@pytest.mark.parametrize("model", [each for each in apps.get_models() if each._meta.app_label in OURS])
def test_what_the_administration_says_of_a_field_is_set_as_french(model: type[Model]) -> None:
    """Names, help texts and choices go onto its pages as they are. What is English there is for whoever reads code."""
    with translation.override("fr"):
        said = [str(model._meta.verbose_name), str(model._meta.verbose_name_plural)]
        for field in model._meta.fields:
            said += [str(field.verbose_name), str(field.help_text)]
            said += [str(label) for _, label in field.flatchoices]
    assert not [found for each in said if not each.isascii() for found in loose(each)]
