"""An output intent that a program adds when it signs, and by which nothing has another colour (ISO 32000-2, 14.11.5).

EU DSS declares sRGB in the catalog with each signature that is seen. There are readers that draw RGB by the profile of
an intent, and one of the attacker's own would show black as white. So one is taken that stands where there was none,
and whose profile gives each colour as sRGB does, in all ways of rendering and in both directions.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import product
from typing import Any

from PIL import Image, ImageChops, ImageCms
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import Reference
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.diff_analysis import SuspiciousModification

from evidence.verify.redrawing import entry

NAME = "/OutputIntents"
_PROFILE = "/DestOutputProfile"
_REFERENCE: Any = generic.IndirectObject
_STRINGS = (generic.TextStringObject, generic.ByteStringObject)
_TEXTS = {"/OutputCondition", "/OutputConditionIdentifier", "/RegistryName", "/Info"}
_ENTRIES = {"/Type", "/S", _PROFILE} | _TEXTS
_OF_PROFILES = {"/Length", "/Filter", "/N"}
_OF_RGB = 3
_LARGEST = 64 * 1024
"""Octets of a packed profile: the largest of sRGB that are spread have sixty thousand."""
_STEPS = range(0, 256, 17)
_SAME = 3
"""Steps of 255 by which tables and curves of sRGB differ among those who make them."""
_MODE = "RGB"


def added_intents(old: HistoricalResolver, new: HistoricalResolver) -> Iterator[Reference]:
    """Give the new objects that an output intent consists of, in a catalog that had none.

    Raises `SuspiciousModification` where it is another than of sRGB.
    """
    if NAME in old.root or NAME not in new.root:
        return
    whole = new.root.raw_get(NAME)
    listed = entry(new.root, NAME)
    if not isinstance(listed, generic.ArrayObject) or len(listed) != 1:
        raise SuspiciousModification("output intents that are no list of one")
    intent = listed.raw_get(0)
    found = _plain(intent)
    for each in (whole, intent, found.raw_get(_PROFILE)):
        if isinstance(each, _REFERENCE) and old.is_ref_unassignable(each.reference):
            yield each.reference


def _plain(intent: Any) -> Any:
    """The dictionary of an intent of PDF/A and sRGB. Raises `SuspiciousModification`."""
    found = intent.get_object() if isinstance(intent, _REFERENCE) else intent
    is_one = isinstance(found, generic.DictionaryObject) and found.keys() <= _ENTRIES and _PROFILE in found
    if not is_one or entry(found, "/S") != "/GTS_PDFA1" or entry(found, "/Type") not in {None, "/OutputIntent"}:
        raise SuspiciousModification("an output intent of another kind")
    if not all(isinstance(found.raw_get(key), _STRINGS) for key in found.keys() & _TEXTS):
        raise SuspiciousModification("an output intent that says something else")
    profile = entry(found, _PROFILE)
    is_profile = isinstance(profile, generic.StreamObject) and profile.keys() <= _OF_PROFILES
    if not is_profile or entry(profile, "/N") != _OF_RGB or len(profile.encoded_data) > _LARGEST:
        raise SuspiciousModification("an output intent without a profile of RGB")
    if not is_srgb(profile.data):
        raise SuspiciousModification("an output intent by which colours are others")
    return found


def is_srgb(profile: bytes) -> bool:
    """Whether a profile (ICC.1) gives each colour as sRGB does, to the eye."""
    image = Image.new(_MODE, (len(_STEPS) ** 2, len(_STEPS)))
    image.putdata(list(product(_STEPS, repeat=3)))
    known = ImageCms.createProfile("sRGB")
    try:
        asked = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        ways = [(*pair, way) for way in ImageCms.Intent for pair in ((asked, known), (known, asked))]
        return all(_differs_at_most(image, from_, to, way) <= _SAME for from_, to, way in ways)
    except (OSError, ImageCms.PyCMSError):
        return False


def _differs_at_most(image: Image.Image, from_: Any, to: Any, way: ImageCms.Intent) -> int:
    """The most by which any part of any colour of an image becomes another."""
    other: Any = ImageCms.applyTransform(image, ImageCms.buildTransform(from_, to, _MODE, _MODE, way))
    return max(ImageChops.difference(image, other).tobytes())
