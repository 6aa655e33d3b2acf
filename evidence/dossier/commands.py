"""How to verify without us: commands of Debian's coreutils, poppler-utils, libxml2-utils, xmlsec1 and openssl.

Every command is run by a test on a sealed dossier, exactly as it is printed.
"""

from dataclasses import dataclass

from django.utils.translation import gettext

from evidence.dossier import signs
from evidence.dossier.documents import Document
from evidence.dossier.facts import DossierFacts
from evidence.dossier.signatures import Signature, Timestamp

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
    if facts.signatures.signature and facts.signing_service:
        found.append(_authority(facts.signing_service.name))
    for signature in facts.signatures.signature:
        document = facts.documents.by_id(signature.document)
        alone = facts.transaction.signers == 1
        elsewhere = facts.signing_service is not None
        found += [_prefix(document, alone=alone), _signature(document, signature, elsewhere=elsewhere)]
        for token in signature.timestamp:
            if token.over == "signature":
                found.append(_token(signature, token, n=document.n, elsewhere=elsewhere))
    return (*found, _journal(facts))


def _files() -> Check:
    return Check(
        gettext("Détacher dossier.xml et son schéma du fichier PDF"),
        "pdfdetach -saveall dossier.pdf\nsha256sum dossier.xml",
        gettext("l’empreinte imprimée au bas de chaque page."),
    )


def _seal(facts: DossierFacts) -> Check:
    """The roots of the machine are put out of the way first: xmlsec1 and openssl trust them besides the one named."""
    when = facts.generated_at[:19].replace("T", " ")
    root, issuer = _root(), _issuer()
    return Check(
        gettext("Vérifier la forme et le cachet de dossier.xml"),
        "export SSL_CERT_DIR=/dev/null SSL_CERT_FILE=/dev/null\n"
        "xmllint --noout --nonet --schema dossier-1.0.xsd dossier.xml\n"
        "x() { xmllint --xpath \"string($1//*[local-name()='$2']$3)\" dossier.xml; }\n"
        f"x '(' {CERTIFICATE} ')[last()]' | base64 -d |\n  openssl x509 -inform DER > {root}\n"
        f"x '(' {CERTIFICATE} ')[last()-1]' | base64 -d |\n  openssl x509 -inform DER > {issuer}\n"
        f"openssl x509 -in {root} -noout -fingerprint -sha256\n"
        f"TZ=UTC xmlsec1 --verify --id-attr:Id SignedProperties --trusted-pem {root} \\\n"
        f'  --verification-time "{when}" dossier.xml',
        gettext(
            "« validates », puis « OK » et « 3/3 ». Comparez l’empreinte de la racine à celle que publie l’exploitant."
        ),
    )


def _authority(service: str) -> Check:
    """Another service's certificates stand in dossier.xml: the root that the operator trusts for it, and the issuer."""
    return Check(
        gettext("Sortir de dossier.xml la racine et l’autorité de {service}").format(service=service),
        f"x '' Above '[@role=\"root\"]' > {_root(elsewhere=True)}\n"
        f"x '' Above '[@role=\"issuer\"]' > {_issuer(elsewhere=True)}\n"
        f"openssl x509 -in {_root(elsewhere=True)} -noout -fingerprint -sha256",
        gettext("l’empreinte de la racine. Comparez-la à celle que publie ce service."),
    )


def _prefix(document: Document, *, alone: bool) -> Check:
    """With several signers the file handed out may have grown by later signatures: this one ends where it ended."""
    signed, name = document.signed, signed_file(document)
    length, size, sha256 = (signed.prefix_length, signed.bytes, signed.sha256) if signed else (0, 0, "")
    whole = f"sha256sum {name}" if alone else f"head -c {size} {name} | sha256sum"
    return Check(
        gettext("Retrouver le document {n} présenté dans le fichier signé (ici {name})").format(
            n=document.n, name=name
        ),
        f"head -c {length} {name} | sha256sum\n{whole}",
        gettext("{presented}… puis {signed}…, comme au chapitre 2.").format(
            presented=document.sha256[:8], signed=sha256[:8]
        ),
    )


def _signature(document: Document, signature: Signature, *, elsewhere: bool) -> Check:
    """The two ranges are what is signed; between them, in hex, stands the CMS (ISO 32000-2, 12.8.1).

    `head` before `tail`: the other way round `tail` may be cut off in the middle of writing, which shells can report.
    """
    _, before, after, rest = document.signed.byte_range if document.signed else (0, 0, 0, 0)
    times = [each.time for each in signature.timestamp if each.over == "signature"]
    epoch = int(signs.at(times[0] if times else signature.at, "UTC").timestamp())
    name, data = signed_file(document), gettext("donnees")
    title = gettext("Vérifier la signature du document {n}, à l’heure de son jeton")
    if not times:
        title = gettext("Vérifier la signature du document {n}, à l’heure de l’inscription : elle n’a pas de jeton")
    return Check(
        title.format(n=document.n),
        f"{{ head -c {before} {name}; head -c {after + rest} {name} | tail -c {rest}; }} > {data}\n"
        f"head -c {after - 1} {name} | tail -c {after - before - 2} | tr a-f A-F | basenc -d --base16 > cms\n"
        f"openssl cms -verify -cades -binary -inform DER -in cms -content {data} \\\n"
        f"  -CAfile {_root(elsewhere=elsewhere)} -purpose any -attime {epoch} -out /dev/null",
        gettext("« CAdES Verification successful »."),
    )


def _token(signature: Signature, token: Timestamp, *, n: int, elsewhere: bool) -> Check:
    name = gettext("jeton")
    taken = f"x '' Timestamp '[@entry={token.entry}]' | base64 -d > {name}\n"
    if token.operated_by:
        title = gettext("Lire le jeton d’horodatage de la signature du document {n}, de {authority}")
        return Check(
            title.format(n=n, authority=token.authority),
            f"{taken}openssl ts -reply -in {name} -token_in -text",
            gettext("l’heure du jeton. Sa racine est celle que publie cette autorité."),
        )
    return Check(
        gettext("Vérifier le jeton d’horodatage de la signature du document {n}").format(n=n),
        f"{taken}openssl ts -verify -digest {signature.value_sha256} \\\n"
        f"  -in {name} -token_in -CAfile {_root(elsewhere=elsewhere)} -untrusted {_issuer(elsewhere=elsewhere)}\n"
        f"openssl ts -reply -in {name} -token_in -text",
        gettext("« Verification: OK », puis l’heure du jeton."),
    )


def _journal(facts: DossierFacts) -> Check:
    entry = facts.journal.entry[facts.signer.entry - 1]
    commands = f"{{ printf '\\0'; x '' Entry '[@seq={entry.seq}]/*[1]' | head -c -1; }} | sha256sum"
    expected = gettext("{digest}…, que l’inscription suivante cite sous « previous » ; ainsi de suite.").format(
        digest=entry.digest[:8]
    )
    if entry.opening:
        field = entry.opening[0].field
        opened = f'[@seq={entry.seq}]/*[@field="{field}"]'
        commands += (
            f"\n{{ x '' Entry '{opened}/@salt' | tr a-f A-F | basenc -d --base16\n"
            f"  x '' Entry '{opened}' | head -c -1; }} | sha256sum"
        )
        second = gettext("La seconde empreinte est celle que l’inscription porte pour « {field} ».")
        expected = f"{expected} {second.format(field=field)}"
    title = gettext("Recalculer une inscription du journal (ici la {n})")
    return Check(title.format(n=entry.seq), commands, expected)


def presented_file(document: Document) -> str:
    """The name of the file that was shown, where a dossier's files stand together."""
    return gettext("presente-{n}.pdf").format(n=document.n)


def signed_file(document: Document) -> str:
    """The name of the signed file there."""
    return gettext("signe-{n}.pdf").format(n=document.n)


def _root(*, elsewhere: bool = False) -> str:
    return gettext("racine-tiers.pem") if elsewhere else gettext("racine.pem")


def _issuer(*, elsewhere: bool = False) -> str:
    return gettext("ac-tiers.pem") if elsewhere else gettext("ac.pem")
