"""PDFs that do something, hide something or keep something elsewhere."""

from __future__ import annotations

import io

import pikepdf

from tests.pdfs import raw, sound

_SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"


def with_open_action(action: bytes) -> bytes:
    return raw.write(raw.one_page(catalog=raw.catalog(b"/OpenAction " + action)))


def with_annotation(entries: bytes, more: dict[int, bytes] | None = None) -> bytes:
    annotation = b"<< /Type /Annot /Rect [72 700 200 720] " + entries + b" >>"
    return raw.write(raw.one_page(page=b"/Annots [6 0 R]", more={6: annotation, **(more or {})}))


def javascript() -> bytes:
    return with_open_action(_SCRIPT)


def javascript_spelt_in_hex() -> bytes:
    """`#xx` in names: a search for the word would not find it."""
    return with_open_action(b"<< /#53 /J#61vaScr#69pt /#4aS (app.alert\\(1\\)) >>")


def javascript_in_object_stream() -> bytes:
    with pikepdf.open(io.BytesIO(javascript_by_name())) as pdf:
        return sound.saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=True)


def javascript_by_name() -> bytes:
    names = raw.catalog(b"/Names << /JavaScript << /Names [(a) 6 0 R] >> >>")
    return raw.write(raw.one_page(catalog=names, more={6: _SCRIPT}))


def xfa() -> bytes:
    form = raw.catalog(b"/AcroForm << /Fields [] /XFA 6 0 R >>")
    return raw.write(raw.one_page(catalog=form, more={6: raw.stream(b"<xdp:xdp/>")}))


def launch() -> bytes:
    return with_annotation(b"/Subtype /Link /A << /S /Launch /F (calc.exe) >>")


def submit_form() -> bytes:
    return with_annotation(b"/Subtype /Link /A << /S /SubmitForm /F (https://example.com/) >>")


def import_data() -> bytes:
    return with_open_action(b"<< /S /ImportData /F (data.fdf) >>")


def remote_document() -> bytes:
    return with_annotation(b"/Subtype /Link /A << /S /GoToR /F (autre.pdf) /D [0 /Fit] >>")


def embedded_document() -> bytes:
    return with_annotation(b"/Subtype /Link /A << /S /GoToE /T << /R /C /N (a.pdf) >> /D [0 /Fit] >>")


def rich_media() -> bytes:
    return with_annotation(b"/Subtype /RichMedia")


def movie() -> bytes:
    return with_annotation(b"/Subtype /Movie /Movie << /F (a.avi) >>")


def sound_annotation() -> bytes:
    return with_annotation(b"/Subtype /Sound /Sound 7 0 R", {7: raw.stream(b"\x00" * 8, b"/R 8000")})


def external_stream() -> bytes:
    return raw.write(raw.one_page(content=raw.stream(b"", b"/F (contenu.txt)")))


def web_link() -> bytes:
    """An ordinary link: it does nothing but open a site. Taken."""
    return with_annotation(b"/Subtype /Link /A << /S /URI /URI (https://example.com/) >>")


def hides_a_layer() -> bytes:
    """All layers are shown, and the first thing a reader does is to hide one."""
    layers = b"/OCProperties << /OCGs [6 0 R] /D << /ON [6 0 R] >> >> "
    action = b"/OpenAction << /S /SetOCGState /State [/OFF 6 0 R] >>"
    return raw.write(raw.one_page(catalog=raw.catalog(layers + action), more={6: b"<< /Type /OCG /Name (Clause) >>"}))


def hides_an_annotation() -> bytes:
    return with_open_action(b"<< /S /Hide /T (Clause) /H true >>")


def other_image_in_print() -> bytes:
    pixel = b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray"
    shown = raw.stream(b"\xff", pixel + b" /Alternates [<< /Image 7 0 R /DefaultForPrinting true >>]")
    return raw.write(raw.one_page(more={6: shown, 7: raw.stream(b"\x00", pixel)}))


def postscript_for_printers() -> bytes:
    return raw.write(raw.one_page(more={6: raw.stream(b"showpage", b"/Type /XObject /Subtype /PS")}))


def open_field() -> bytes:
    field = b"<< /FT /Tx /T (Nom) /Type /Annot /Subtype /Widget /Rect [72 700 200 720] /P 3 0 R >>"
    form = raw.catalog(b"/AcroForm << /Fields [6 0 R] >>")
    return raw.write(raw.one_page(catalog=form, page=b"/Annots [6 0 R]", more={6: field}))


def open_field_without_form() -> bytes:
    """A widget that no form lists; viewers let people fill it in all the same."""
    return with_annotation(b"/Subtype /Widget /FT /Tx /T (Nom)")


def hidden_layer() -> bytes:
    layers = raw.catalog(b"/OCProperties << /OCGs [6 0 R] /D << /OFF [6 0 R] >> >>")
    return raw.write(raw.one_page(catalog=layers, more={6: b"<< /Type /OCG /Name (Clause) >>"}))


def layer_off_by_base_state() -> bytes:
    layers = raw.catalog(b"/OCProperties << /OCGs [6 0 R] /D << /BaseState /OFF >> >>")
    return raw.write(raw.one_page(catalog=layers, more={6: b"<< /Type /OCG /Name (Clause) >>"}))


def layer_that_no_list_names() -> bytes:
    """Chromium shows it as the base state says, poppler always."""
    layers = raw.catalog(b"/OCProperties << /OCGs [6 0 R] /D << /BaseState /OFF /ON [6 0 R] >> >>")
    more = {6: b"<< /Type /OCG /Name (A) >>", 7: b"<< /Type /OCG /Name (Clause) >>"}
    return raw.write(raw.one_page(catalog=layers, more=more))


def layer_for_print_only() -> bytes:
    usage = b"<< /Type /OCG /Name (Clause) /Usage << /View << /ViewState /OFF >> /Print << /PrintState /ON >> >> >>"
    rule = b"/AS [<< /Event /View /Category [/View] /OCGs [6 0 R] >>]"
    layers = raw.catalog(b"/OCProperties << /OCGs [6 0 R] /D << " + rule + b" >> >>")
    return raw.write(raw.one_page(catalog=layers, more={6: usage}))


def layer_shown_when_others_are_off() -> bytes:
    """A membership with `/AllOff`: hidden while its group is on."""
    layers = raw.catalog(b"/OCProperties << /OCGs [6 0 R] /D << >> >>")
    member = b"<< /Type /OCMD /OCGs [6 0 R] /P /AllOff >>"
    return raw.write(raw.one_page(catalog=layers, more={6: b"<< /Type /OCG /Name (A) >>", 7: member}))


def layer_by_expression() -> bytes:
    layers = raw.catalog(b"/OCProperties << /OCGs [6 0 R] /D << >> >>")
    member = b"<< /Type /OCMD /VE [/And [/Or 6 0 R] [/Not 6 0 R]] >>"
    return raw.write(raw.one_page(catalog=layers, more={6: b"<< /Type /OCG /Name (A) >>", 7: member}))


def _membership_in_resources(membership: bytes, *, of_a_form: bool = False) -> bytes:
    """Content in a membership that is no object of its own, by property list or as the form's own `/OC`."""
    layers = raw.catalog(b"/OCProperties << /OCGs [6 0 R] /D << /ON [6 0 R] >> >>")
    font = b"/Font << /F1 5 0 R >> "
    more, content = {6: b"<< /Type /OCG /Name (A) >>"}, b"/OC /M0 BDC " + raw.TEXT + b" EMC"
    named = b"/Properties << /M0 " + membership + b" >>"
    if of_a_form:
        entries = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << " + font + b">> /OC " + membership
        more, content, named = {**more, 7: raw.stream(raw.TEXT, entries)}, b"/X0 Do", b"/XObject << /X0 7 0 R >>"
    objects = raw.one_page(catalog=layers, content=raw.stream(content), more=more)
    objects[3] = objects[3].replace(b"/Resources << " + font, b"/Resources << " + font + named + b" ")
    return raw.write(objects)


def membership_in_resources() -> bytes:
    return _membership_in_resources(b"<< /Type /OCMD /OCGs [6 0 R] /P /AllOff >>")


def expression_in_resources() -> bytes:
    return _membership_in_resources(b"<< /Type /OCMD /VE [/Not 6 0 R] >>")


def membership_of_a_form() -> bytes:
    return _membership_in_resources(b"<< /Type /OCMD /OCGs 6 0 R /P /AllOff >>", of_a_form=True)


def shown_membership_in_resources() -> bytes:
    """Its group is on: there is nothing to hide. Taken."""
    return _membership_in_resources(b"<< /Type /OCMD /OCGs [6 0 R] /P /AllOn >>")


def layer_by_magnification() -> bytes:
    usage = b"<< /Type /OCG /Name (Clause) /Usage << /Zoom << /min 5 >> >> >>"
    rule = b"/AS [<< /Event /View /Category [/Zoom] /OCGs [6 0 R] >>]"
    layers = raw.catalog(b"/OCProperties << /OCGs [6 0 R] /D << " + rule + b" >> >>")
    return raw.write(raw.one_page(catalog=layers, more={6: usage}))


def annotation_for_print_only() -> bytes:
    shape = raw.stream(b"0 0 50 50 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 50 50]")
    return with_annotation(b"/Subtype /Stamp /F 36 /AP << /N 7 0 R >>", {7: shape})


def encrypted(*, user: str = "", owner: str = "owner", packed: bool = False) -> bytes:
    """With a user password nobody can open it; with an owner password only, everybody can. Not the same each time.

    `packed`: with streams of objects.
    """
    with pikepdf.open(io.BytesIO(raw.write(raw.one_page()))) as pdf:
        made = io.BytesIO()
        mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
        pdf.save(made, encryption=pikepdf.Encryption(owner=owner, user=user), object_stream_mode=mode)
        return made.getvalue()


def encrypted_for_others() -> bytes:
    """By a handler of certificates (ISO 32000-2, 7.6.5), which no password opens."""
    handler = b"<< /Filter /Adobe.PubSec /SubFilter /adbe.pkcs7.s5 /V 4 /Length 128 /Recipients [<00>] >>"
    trailer = b"/Encrypt 6 0 R /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]"
    return raw.write(raw.one_page(more={6: handler}), trailer=trailer)
