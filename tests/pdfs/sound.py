"""PDFs that are taken as they are: what people really sign."""

from __future__ import annotations

import functools
import io
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from tests.pdfs import raw

_SENTENCE = "Le prestataire s’engage à exécuter les prestations décrites à l’article {n}, dans les délais convenus."


@functools.cache
def contract(pages: int = 3, title: str = "Contrat de prestation") -> bytes:
    """Text that looks like a contract: headings, articles, page numbers; A4, standard fonts."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=A4, invariant=1)
    canvas.setTitle(title)
    for page in range(1, pages + 1):
        canvas.setFont("Helvetica-Bold", 16)
        canvas.drawString(72, 770, title)
        for line in range(30):
            heading = line % 6 == 0
            canvas.setFont("Times-Bold" if heading else "Times-Roman", 11)
            article = page * 10 + line // 6
            words = f"Article {article}" if heading else _SENTENCE.format(n=article)
            canvas.drawString(72, 730 - 21 * line, words)
        canvas.setFont("Helvetica", 9)
        canvas.drawRightString(523, 40, f"Page {page} sur {pages}")
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def terms() -> bytes:
    """A document for information."""
    return contract(2, "Conditions générales")


def scanned(pages: int = 2) -> bytes:
    """Pages that are one grey image each, 100 dpi, without text."""
    width, height = 827, 1169
    pdf = pikepdf.new()
    for page in range(pages):
        rows = [bytes((x * y + page * 40) % 256 if y % 24 < 9 else 250 for x in range(width)) for y in range(height)]
        image = pikepdf.Stream(pdf, zlib.compress(b"".join(rows), 6))
        image.stream_dict = Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=width, Height=height)
        image.ColorSpace, image.BitsPerComponent, image.Filter = Name.DeviceGray, 8, Name.FlateDecode
        pdf.add_blank_page(page_size=(595, 842))
        pdf.pages[-1].Contents = pdf.make_stream(b"595 0 0 842 0 0 cm /Im0 Do")
        pdf.pages[-1].Resources = Dictionary(XObject=Dictionary(Im0=pdf.make_indirect(image)))
    return saved(pdf)


def rotated(degrees: int) -> bytes:
    return raw.write(raw.one_page(page=b"/Rotate %d" % degrees))


def cropped() -> bytes:
    """A crop box away from the origin, sticking out of the media box on one side."""
    return raw.write(raw.one_page(page=b"/CropBox [100 150 700 700]"))


def scaled() -> bytes:
    return raw.write(raw.one_page(page=b"/UserUnit 2"))


def turned_pages() -> bytes:
    """All four rotations, with offsets, in one document."""
    with pikepdf.open(io.BytesIO(contract(4))) as pdf:
        for number, page in enumerate(pdf.pages):
            page.Rotate = 90 * number
            page.CropBox = Array([20, 30, 575, 812])
        return saved(pdf)


def object_streams() -> bytes:
    with pikepdf.open(io.BytesIO(contract())) as pdf:
        return saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def linearised() -> bytes:
    with pikepdf.open(io.BytesIO(contract())) as pdf:
        return saved(pdf, linearize=True)


def empty_signature_field() -> bytes:
    """A field that waits for a signature, and nothing else to fill in."""
    field = b"<< /FT /Sig /T (Signature) /Type /Annot /Subtype /Widget /Rect [0 0 0 0] /F 132 /P 3 0 R >>"
    form = raw.catalog(b"/AcroForm << /Fields [6 0 R] /SigFlags 1 >>")
    return raw.write(raw.one_page(catalog=form, page=b"/Annots [6 0 R]", more={6: field}))


def closed_form() -> bytes:
    """A text field that is read-only, and a push button without action."""
    text = b"<< /FT /Tx /Ff 1 /T (Nom) /V (Durand) /Type /Annot /Subtype /Widget /Rect [72 700 200 720] /P 3 0 R >>"
    push = b"<< /FT /Btn /Ff 65536 /T (Aide) /Type /Annot /Subtype /Widget /Rect [72 600 200 620] /P 3 0 R >>"
    form = raw.catalog(b"/AcroForm << /Fields [6 0 R 7 0 R] >>")
    return raw.write(raw.one_page(catalog=form, page=b"/Annots [6 0 R 7 0 R]", more={6: text, 7: push}))


def attachment() -> bytes:
    with pikepdf.open(io.BytesIO(contract(1))) as pdf:
        file = pikepdf.AttachedFileSpec(pdf, b"annexe;1\n", filename="annexe.csv", mime_type="text/csv", mod_date="")
        pdf.attachments["annexe.csv"] = file
        return saved(pdf)


def furnished() -> bytes:
    """With what documents carry besides pages: outlines, a file, a layer that is shown, a language, metadata."""
    with pikepdf.open(io.BytesIO(contract(2))) as pdf:
        with pdf.open_outline() as outline:
            outline.root.extend(pikepdf.OutlineItem(f"Article {n + 1}", n) for n in range(2))
        file = pikepdf.AttachedFileSpec(pdf, b"annexe;1\n", filename="annexe.csv", mime_type="text/csv", mod_date="")
        pdf.attachments["annexe.csv"] = file
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="Calque"))
        pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(ON=Array([layer]), OFF=Array([])))
        pdf.Root.Lang, pdf.Root.PageMode = pikepdf.String("fr-FR"), Name.UseOutlines
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        return saved(pdf)


def transparent() -> bytes:
    state = b"/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << "
    state += b"/Font << /F1 5 0 R >> /ExtGState << /G0 << /ca 0.5 >> >> >>"
    return raw.write({**raw.one_page(), 3: b"<< " + state + b" >>"})


def shown_layers() -> bytes:
    """Optional content that is all on."""
    group = b"<< /Type /OCG /Name (Calque) >>"
    layers = raw.catalog(b"/OCProperties << /OCGs [6 0 R] /D << /ON [6 0 R] /OFF [] >> >>")
    return raw.write(raw.one_page(catalog=layers, more={6: group}))


def archival() -> bytes:
    """Like PDF/A-1b: metadata that say so, an output intent, no transparency, no object streams, no fonts needed."""
    packet = b"""<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" pdfaid:part="1" pdfaid:conformance="B"/></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
    intent = b"/OutputIntents [<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info (sRGB) >>]"
    objects = raw.one_page(
        catalog=raw.catalog(b"/Metadata 6 0 R " + intent),
        content=raw.stream(b"0.2 0.2 0.2 rg 72 400 200 100 re f"),
        more={6: raw.stream(packet, b"/Type /Metadata /Subtype /XML")},
    )
    return raw.write(objects, trailer=b"/ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]")


def odd_metadata() -> bytes:
    """XMP that is no XML: nobody needs it, and no signature touches it."""
    packet = raw.stream(b"<x:xmpmeta <rdf>", b"/Type /Metadata /Subtype /XML")
    return raw.write(raw.one_page(catalog=raw.catalog(b"/Metadata 6 0 R"), more={6: packet}))


def saved(pdf: pikepdf.Pdf, **options: object) -> bytes:
    """Give a document's bytes, the same each time."""
    made = io.BytesIO()
    pdf.save(made, **{"deterministic_id": True, "fix_metadata_version": False, **options})  # type: ignore[arg-type] # options of save
    return made.getvalue()
