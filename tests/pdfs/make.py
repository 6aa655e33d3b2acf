"""One PDF of each kind, by name: `python -m tests.pdfs.make FOLDER` writes them all.

Each is the same at every call, but for those that are signed or encrypted.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from signing.engine.refusals import Label
from tests.pdfs import active, ambiguous, bombs, broken, looks, raw, shown, signed, sound

Maker = Callable[[], bytes]

TAKEN: dict[str, Maker] = {
    "contract": sound.contract,
    "terms": sound.terms,
    "scanned": sound.scanned,
    "rotated-90": partial(sound.rotated, 90),
    "rotated-180": partial(sound.rotated, 180),
    "rotated-270": partial(sound.rotated, 270),
    "turned-pages": sound.turned_pages,
    "cropped": sound.cropped,
    "user-unit": sound.scaled,
    "object-streams": sound.object_streams,
    "linearised": sound.linearised,
    "empty-signature-field": sound.empty_signature_field,
    "closed-form": sound.closed_form,
    "attachment": sound.attachment,
    "transparency": sound.transparent,
    "layers": sound.shown_layers,
    "archival": sound.archival,
    "furnished": sound.furnished,
    "odd-metadata": sound.odd_metadata,
    "web-link": active.web_link,
    "signed": signed.approved,
    "signed-twice": signed.approved_twice,
    "certified-for-forms": signed.certified_for_forms,
    "reader-draws-fields": looks.drawn_by_the_reader,
    "annotated": looks.annotated,
    "layered-content": looks.layered_content,
    "no-intents": partial(broken.with_entries, b"/OutputIntents 12", archival=True),
    "null-intent": partial(broken.with_entries, b"/OutputIntents [null]", archival=True),
    "unprinted-note": shown.UNPRINTED["note"],
    "membership-shown": active.shown_membership_in_resources,
    "last-page-wide": partial(looks.last_page, 0, 0, 842, 595),
    "last-page-tiny": partial(looks.last_page, 0, 0, 30, 20),
    "last-page-narrow": partial(looks.last_page, -20, 1000, 20, 5000),
    "last-page-huge": partial(looks.last_page, 0, 0, 14400, 14400),
    "last-page-of-no-size": partial(looks.last_page, 0, 0, 0, 0),
    "last-page-turned-back": partial(looks.last_page, 0, 0, 595, 842, Rotate=-90),
    "last-page-askew": partial(looks.last_page, 0, 0, 595, 842, Rotate=45),
    "last-page-of-large-units": partial(looks.last_page, 0, 0, 60, 80, UserUnit=10, Rotate=270),
    "nested-forms": partial(bombs.forms, 4, times=3),
    "thousand-pages": partial(bombs.many_pages, 1000),
}
"""Taken as they are."""

REPAIRED: dict[str, Maker] = {
    "wrong-offsets": broken.wrong_offsets,
    "odd-first-entry": broken.odd_first_entry,
    "small-size": broken.small_size,
    "no-size": broken.no_size,
    "metadata-that-do-not-decode": broken.metadata_that_do_not_decode,
    "hybrid": broken.hybrid,
    "junk-before": broken.junk_before,
    "junk-after": broken.junk_after,
    "no-end-marker": broken.no_end_marker,
    "small-count": broken.small_count,
    "twice-in-tree": broken.twice_in_tree,
    "twice-in-tree-annotated": broken.twice_in_tree_annotated,
    "shared-annotations": broken.shared_annotations,
    "shared-empty-annotations": broken.shared_empty_annotations,
    "null-form": partial(broken.with_entries, b"/AcroForm null"),
    "null-fields": partial(broken.with_entries, b"/AcroForm << /Fields null >>"),
    "null-field": partial(broken.with_entries, b"/AcroForm << /Fields [null 44 0 R] >>"),
    "null-annotation": partial(looks.annotated, b"null 44 0 R"),
    "null-store": partial(broken.with_entries, b"/DSS null"),
    "large-size": partial(broken.with_entries, b"", size=8_000_000),
    "listed-twice": lambda: ambiguous.SECTIONS["listed-twice"](raw.write(raw.one_page())),
    "annotations-for-fields": broken.annotations_for_fields,
    "missing-page-behind": partial(broken.missing_page, b"3 0 R 7 0 R 90 0 R", 2),
    "null-page-behind": partial(broken.missing_page, b"3 0 R 7 0 R 6 0 R null", 2),
}
"""Written anew before anybody sees them."""

REFUSED: dict[str, tuple[Label, Maker]] = {
    "zero-bytes": (Label.EMPTY, broken.zero_bytes),
    "renamed-png": (Label.NOT_PDF, broken.renamed_png),
    "renamed-html": (Label.NOT_PDF, broken.renamed_html),
    "other-file-behind": (Label.FOREIGN_CONTENT, broken.other_file_behind),
    "truncated": (Label.TRUNCATED, broken.truncated),
    "truncated-linearised": (Label.TRUNCATED, broken.truncated_linearised),
    "truncated-update": (Label.TRUNCATED, broken.truncated_update),
    "wrong-count": (Label.DAMAGED, broken.wrong_count),
    "lost-page": (Label.MISSING_PAGE, broken.lost_page),
    "lost-content": (Label.DAMAGED, broken.lost_content),
    "damaged-content": (Label.DAMAGED, broken.damaged_content),
    "odd-store": (Label.DAMAGED, partial(broken.with_entries, b"/DSS << /Certs 12 >>")),
    "store-that-is-none": (Label.DAMAGED, partial(broken.with_entries, b"/DSS [1 2]")),
    "zero-pages": (Label.NO_PAGE, broken.zero_pages),
    "page-loop": (Label.PAGE_TREE, broken.page_loop),
    "fan-of-pages": (Label.PAGE_TREE, broken.fan),
    "deep-tree": (Label.PAGE_TREE, broken.deep_tree),
    "missing-page": (Label.MISSING_PAGE, partial(broken.missing_page, b"3 0 R 90 0 R 7 0 R", 2)),
    "missing-page-first": (Label.MISSING_PAGE, partial(broken.missing_page, b"90 0 R 3 0 R 7 0 R", 2)),
    "missing-page-counted": (Label.MISSING_PAGE, partial(broken.missing_page, b"3 0 R 7 0 R 90 0 R", 3)),
    "user-password": (Label.PASSWORD, partial(active.encrypted, user="user")),
    "owner-password": (Label.ENCRYPTED, active.encrypted),
    "encrypted-for-others": (Label.ENCRYPTED, active.encrypted_for_others),
    "xfa": (Label.XFA, active.xfa),
    "javascript": (Label.JAVASCRIPT, active.javascript),
    "javascript-in-hex": (Label.JAVASCRIPT, active.javascript_spelt_in_hex),
    "javascript-by-name": (Label.JAVASCRIPT, active.javascript_by_name),
    "javascript-in-object-stream": (Label.JAVASCRIPT, active.javascript_in_object_stream),
    "launch": (Label.LAUNCH, active.launch),
    "submit-form": (Label.SUBMIT_FORM, active.submit_form),
    "import-data": (Label.IMPORT_DATA, active.import_data),
    "remote-document": (Label.REMOTE_FILE, active.remote_document),
    "embedded-document": (Label.REMOTE_FILE, active.embedded_document),
    "rich-media": (Label.MULTIMEDIA, active.rich_media),
    "movie": (Label.MULTIMEDIA, active.movie),
    "sound": (Label.MULTIMEDIA, active.sound_annotation),
    "external-stream": (Label.EXTERNAL_CONTENT, active.external_stream),
    "open-field": (Label.OPEN_FORM, active.open_field),
    "open-field-without-form": (Label.OPEN_FORM, active.open_field_without_form),
    "hidden-layer": (Label.HIDDEN_CONTENT, active.hidden_layer),
    "layer-off-by-base-state": (Label.HIDDEN_CONTENT, active.layer_off_by_base_state),
    "layer-that-no-list-names": (Label.HIDDEN_CONTENT, active.layer_that_no_list_names),
    "layer-for-print-only": (Label.HIDDEN_CONTENT, active.layer_for_print_only),
    "layer-shown-when-others-are-off": (Label.HIDDEN_CONTENT, active.layer_shown_when_others_are_off),
    "layer-by-expression": (Label.HIDDEN_CONTENT, active.layer_by_expression),
    "membership-in-resources": (Label.HIDDEN_CONTENT, active.membership_in_resources),
    "expression-in-resources": (Label.HIDDEN_CONTENT, active.expression_in_resources),
    "membership-of-a-form": (Label.HIDDEN_CONTENT, active.membership_of_a_form),
    "layer-by-magnification": (Label.HIDDEN_CONTENT, active.layer_by_magnification),
    "annotation-for-print-only": (Label.HIDDEN_CONTENT, active.annotation_for_print_only),
    "annotation-for-the-screen-only": (Label.UNPRINTED_COVER, shown.COVERING["white-square"]),
    "hides-a-layer": (Label.HIDING_ACTION, active.hides_a_layer),
    "hides-an-annotation": (Label.HIDING_ACTION, active.hides_an_annotation),
    "other-image-in-print": (Label.HIDDEN_CONTENT, active.other_image_in_print),
    "postscript-for-printers": (Label.HIDDEN_CONTENT, active.postscript_for_printers),
    "certified-without-changes": (Label.CERTIFIED, signed.certified_without_changes),
    "altered-after-signing": (Label.SIGNATURE_BROKEN, signed.altered),
    "signed-unsound": (Label.SIGNED_UNSOUND, signed.unsound),
    "signed-with-shared-annotations": (Label.SIGNED_UNSOUND, signed.with_shared_annotations),
    "too-many-pages": (Label.TOO_MANY_PAGES, bombs.many_pages),
    "unknown-filter": (Label.COMPRESSION, bombs.unknown_filter),
    "image-codec-as-content": (Label.COMPRESSION, bombs.image_codec_as_content),
    "bomb-stacked": (Label.BOMB, bombs.stacked),
    "bomb-single": (Label.BOMB, bombs.single),
    "bomb-in-object-stream": (Label.BOMB, bombs.in_object_stream),
    "bomb-of-filters": (Label.BOMB, bombs.many_filters),
    "bomb-of-run-lengths": (Label.BOMB, bombs.run_lengths),
    "bomb-of-forms": (Label.BOMB, partial(bombs.forms, 40)),
    "bomb-of-lzw": (Label.BOMB, bombs.lzw),
    "wide-rows": (Label.BOMB, bombs.wide_rows),
    "giant-image": (Label.BOMB, bombs.giant_image),
    "objects-behind-blanks": (Label.TOO_COMPLEX, bombs.objects_behind_blanks),
    "objects-cut-off": (Label.JAVASCRIPT, partial(bombs.objects_behind_blanks, 1, cut=9)),
    "deep-nesting": (Label.TOO_COMPLEX, bombs.deep_nesting),
    "many-references": (Label.TOO_MANY_PAGES, bombs.many_references),
}
"""Refused, and for this cause."""

KINDS: dict[str, Maker] = TAKEN | REPAIRED | {kind: maker for kind, (_, maker) in REFUSED.items()}


def write(kind: str, folder: Path) -> Path:
    """Write the PDF of one kind into `folder` and give its path."""
    path = folder / f"{kind}.pdf"
    path.write_bytes(KINDS[kind]())
    return path


def main(folder: str) -> None:
    Path(folder).mkdir(parents=True, exist_ok=True)
    for kind in KINDS:
        sys.stdout.write(f"{write(kind, Path(folder))}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
