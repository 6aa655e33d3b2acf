"""How to verify without us: commands of Debian's coreutils, poppler-utils, libxml2-utils, xmlsec1 and openssl.

Every command is run by a test on a sealed dossier, exactly as it is printed.
"""

from dataclasses import dataclass

from evidence.dossier import french
from evidence.dossier.documents import Document
from evidence.dossier.facts import DossierFacts
from evidence.dossier.signatures import Signature

CERTIFICATE = "EncapsulatedX509Certificate"


@dataclass(frozen=True)
class Check:
    """What is checked, the commands, what they must say."""

    title: str
    commands: str
    expected: str


def checks(facts: DossierFacts) -> tuple[Check, ...]:
    """The checks that this dossier allows, to be run in one shell, one after the other."""
    found = [_files(), _seal(facts)]
    for signature in facts.signatures.signature:
        document = facts.documents.by_id(signature.document)
        found += [_prefix(document), _signature(document, signature), _token(document, signature)]
    return (*found, _journal(facts))


def _files() -> Check:
    return Check(
        "Détacher dossier.xml et son schéma du fichier PDF",
        "pdfdetach -saveall dossier.pdf\nsha256sum dossier.xml",
        "l’empreinte imprimée au bas de chaque page.",
    )


def _seal(facts: DossierFacts) -> Check:
    when = facts.generated_at[:19].replace("T", " ")
    return Check(
        "Vérifier la forme et le cachet de dossier.xml",
        "xmllint --noout --nonet --schema dossier-1.0.xsd dossier.xml\n"
        "x() { xmllint --xpath \"string($1//*[local-name()='$2']$3)\" dossier.xml; }\n"
        f"x '(' {CERTIFICATE} ')[last()]' | base64 -d |\n  openssl x509 -inform DER > racine.pem\n"
        f"x '(' {CERTIFICATE} ')[last()-1]' | base64 -d |\n  openssl x509 -inform DER > ac.pem\n"
        "openssl x509 -in racine.pem -noout -fingerprint -sha256\n"
        f"TZ=UTC xmlsec1 --verify --id-attr:Id SignedProperties --trusted-pem racine.pem \\\n"
        f'  --verification-time "{when}" dossier.xml',
        "« validates », puis « OK » et « 3/3 ». Comparez l’empreinte de la racine à celle que publie l’exploitant.",
    )


def _prefix(document: Document) -> Check:
    length = document.signed.prefix_length if document.signed else 0
    return Check(
        f"Retrouver le document {document.n} présenté dans le fichier signé (ici signe-{document.n}.pdf)",
        f"head -c {length} signe-{document.n}.pdf | sha256sum\nsha256sum signe-{document.n}.pdf",
        f"{document.sha256[:8]}… puis {document.signed.sha256[:8] if document.signed else ''}…, comme au chapitre 2.",
    )


def _signature(document: Document, signature: Signature) -> Check:
    """The two ranges are what is signed; between them, in hex, stands the CMS (ISO 32000-2, 12.8.1)."""
    _, before, after, rest = document.signed.byte_range if document.signed else (0, 0, 0, 0)
    times = [each.time for each in signature.timestamp if each.over == "signature"]
    epoch = int(french.at(times[0] if times else signature.at, "UTC").timestamp())
    name = f"signe-{document.n}.pdf"
    return Check(
        f"Vérifier la signature du document {document.n}, à l’heure de son jeton",
        f"{{ head -c {before} {name}; tail -c +{after + 1} {name} | head -c {rest}; }} > donnees\n"
        f"tail -c +{before + 2} {name} | head -c {after - before - 2} | tr a-f A-F | basenc -d --base16 > cms\n"
        "openssl cms -verify -cades -binary -inform DER -in cms -content donnees \\\n"
        f"  -CAfile racine.pem -purpose any -attime {epoch} -out /dev/null",
        "« CAdES Verification successful ».",
    )


def _token(document: Document, signature: Signature) -> Check:
    token = next((each for each in signature.timestamp if each.over == "signature"), None)
    entry = token.entry if token else 0
    return Check(
        f"Vérifier le jeton d’horodatage de la signature du document {document.n}",
        f"x '' Timestamp '[@entry={entry}]' | base64 -d > jeton\n"
        f"openssl ts -verify -digest {signature.value_sha256} \\\n"
        "  -in jeton -token_in -CAfile racine.pem -untrusted ac.pem\n"
        "openssl ts -reply -in jeton -token_in -text",
        "« Verification: OK », puis l’heure du jeton.",
    )


def _journal(facts: DossierFacts) -> Check:
    entry = facts.journal.entry[facts.signer.entry - 1]
    commands = f"{{ printf '\\0'; x '' Entry '[@seq={entry.seq}]/*[1]' | head -c -1; }} | sha256sum"
    expected = f"{entry.digest[:8]}…, que l’inscription suivante cite sous « previous » ; ainsi de suite."
    if entry.opening:
        field = entry.opening[0].field
        opened = f'[@seq={entry.seq}]/*[@field="{field}"]'
        commands += (
            f"\n{{ x '' Entry '{opened}/@salt' | tr a-f A-F | basenc -d --base16\n"
            f"  x '' Entry '{opened}' | head -c -1; }} | sha256sum"
        )
        expected += f" La seconde empreinte est celle que l’inscription porte pour « {field} »."
    return Check(f"Recalculer une inscription du journal (ici la {entry.seq})", commands, expected)
