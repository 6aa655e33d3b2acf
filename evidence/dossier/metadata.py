"""XMP of dossier.pdf: PDF/UA-1 beside PDF/A-3. WeasyPrint writes one of the two only."""

from collections.abc import Callable

PDF_UA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1" />\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>PDF/UA version identifier</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""
END = b"</rdf:RDF>"


def with_pdf_ua(generate: Callable[..., bytes]) -> Callable[..., bytes]:
    """WeasyPrint's writer of metadata, with the PDF/UA mark and its extension schema (PDF/A-3, 6.6.2.3) inside."""

    def wrapped(*arguments: object, **named: object) -> bytes:
        written = generate(*arguments, **named)
        if written.count(END) != 1:
            raise RuntimeError("WeasyPrint's metadata has no single end")
        return written.replace(END, PDF_UA + END)

    return wrapped
