"""Outside judges: programs that share no code with us, and what they say about a signed file, in one call each.

Every judge raises `Rejected` with the program's own words where it is not content. Instants are aware; OpenSSL is told
them (`-attime`), pdfsig runs under faketime, for a one-use certificate has expired when anybody looks.
"""

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
from asn1crypto import cms

TOKEN_ATTRIBUTE = "signature_time_stamp_token"


class Rejected(AssertionError):
    """A judge is not content."""


@dataclass(frozen=True)
class Cut:
    """One signature or document time stamp, cut out of a file: its field, what it covers, its CMS (DER)."""

    field: str
    subfilter: str
    byte_range: tuple[int, ...]
    covered: bytes
    message: bytes


@dataclass(frozen=True)
class PdfsigWords:
    """What pdfsig prints about one signature; keys are its own words."""

    field: str
    validation: str
    trust: str
    whole: bool
    words: str


def cut(signed: Path) -> list[Cut]:
    """Cut all signatures out of a file, the earliest first, by its own byte ranges."""
    data = signed.read_bytes()
    found = []
    with pikepdf.open(signed) as pdf:
        for field in pdf.Root.AcroForm.Fields.as_list():
            if field.get("/FT") != "/Sig" or "/V" not in field:
                continue
            numbers = tuple(int(number) for number in field.V.ByteRange.as_list())
            covered = b"".join(
                data[start : start + length] for start, length in zip(numbers[::2], numbers[1::2], strict=True)
            )
            message = cms.ContentInfo.load(bytes(field.V.Contents)).dump()
            found.append(Cut(str(field.T), str(field.V.SubFilter), numbers, covered, message))
    return sorted(found, key=lambda each: each.byte_range[2])


def token_in(message: bytes) -> tuple[bytes, bytes]:
    """Give the signature value of a CMS and the time-stamp token over it."""
    signer = cms.ContentInfo.load(message)["content"]["signer_infos"][0]
    tokens = [each["values"][0].dump() for each in signer["unsigned_attrs"] if each["type"].native == TOKEN_ATTRIBUTE]
    if len(tokens) != 1:
        raise Rejected(f"{len(tokens)} signature time stamps")
    return signer["signature"].native, tokens[0]


def openssl_cms(part: Cut, *, root: Path, at: datetime) -> str:
    """`openssl cms -verify -cades` on a signature."""
    with tempfile.TemporaryDirectory() as folder:
        message, content = _files(folder, part.message, part.covered)
        arguments = ["cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", message, "-content", content]
        arguments += ["-CAfile", str(root), "-purpose", "any", "-attime", _epoch(at), "-out", "/dev/null"]
        return _run("openssl", *arguments)


def openssl_ts(token: bytes, covered: bytes, *, root: Path, chain: Path, at: datetime) -> str:
    """`openssl ts -verify` on a token over `covered`; `chain`: PEM of what stands between."""
    with tempfile.TemporaryDirectory() as folder:
        token_file, data = _files(folder, token, covered)
        arguments = ["ts", "-verify", "-data", data, "-in", token_file, "-token_in"]
        arguments += ["-CAfile", str(root), "-untrusted", str(chain), "-attime", _epoch(at)]
        return _run("openssl", *arguments)


def openssl_chain(certificate: Path, *, root: Path, chain: Path, crls: Path, at: datetime, purpose: str = "any") -> str:
    """`openssl verify -x509_strict -crl_check_all`; `crls`: PEM."""
    arguments = ["verify", "-x509_strict", "-crl_check_all", "-purpose", purpose, "-attime", _epoch(at)]
    return _run(
        "openssl", *arguments, "-CAfile", str(root), "-CRLfile", str(crls), "-untrusted", str(chain), str(certificate)
    )


def pdfsig(signed: Path, *, root: Path, at: datetime) -> list[PdfsigWords]:
    """Run pdfsig at `at` with a store that trusts `root`; it exits 0 on tampered files, so its words are read.

    Fields that wait for a signature are left out.
    """
    with tempfile.TemporaryDirectory() as folder:
        store = f"sql:{folder}"
        _run("certutil", "-N", "-d", store, "--empty-password")
        _run("certutil", "-A", "-d", store, "-n", "root", "-t", "C,C,C", "-i", str(root))
        moment = at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
        said = _run("faketime", moment, "pdfsig", "-nssdir", store, str(signed))
    told = map(_words, re.split(r"^Signature #\d+:$", said, flags=re.MULTILINE)[1:])
    return [each for each in told if each.validation]


def mutool(signed: Path) -> dict[str, str]:
    """What MuPDF says of each signature's bytes, by common name of its certificate; it knows no roots of ours.

    Of a file that it cannot read without a warning it says so, which `Rejected` carries.
    """
    said = _run("mutool", "info", str(signed)) + _run("mutool", "sign", "-v", str(signed))
    told = [line for line in said.splitlines() if line.startswith(("warning:", "error:")) and "ICC" not in line]
    if told:
        raise Rejected("\n".join(told))
    parts = re.findall(r"Distinguished name: cn=([^,]*),.*\n.*\n\t(The signature is valid|.*)", said)
    return dict(parts)


def reasons(file: Path) -> list[str]:
    """The reasons that the signatures of a file give, the earliest first."""
    with pikepdf.open(file) as pdf:
        values = [field.V for field in pdf.Root.AcroForm.Fields.as_list() if "/V" in field]
        return [str(value.Reason) for value in values if "/Reason" in value]


def text(file: Path) -> str:
    """What pdftotext reads, appearances of fields included."""
    return _run("pdftotext", str(file), "-")


def fonts(file: Path) -> dict[str, str]:
    """The fonts that pdffonts lists, and whether each is embedded."""
    rows = _run("pdffonts", str(file)).splitlines()
    head = next(number for number, row in enumerate(rows) if row.startswith("name "))
    start = rows[head].index("emb")
    return {row.split()[0]: row[start:].split()[0] for row in rows[head + 2 :]}


def qpdf_check(file: Path) -> str:
    """`qpdf --check`: no syntax error, no warning."""
    return _run("qpdf", "--check", str(file))


def xmlsec1_verify(file: Path, *, root: Path, at: datetime) -> str:
    """`xmlsec1 --verify` of an XAdES signature at an instant."""
    moment = at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    arguments = ["--verify", "--id-attr:Id", "SignedProperties", "--trusted-pem", str(root)]
    return _run("xmlsec1", *arguments, "--verification-time", moment, str(file))


def xmllint_schema(file: Path, schema: Path) -> str:
    """`xmllint --schema` without network."""
    return _run("xmllint", "--noout", "--nonet", "--schema", str(schema), str(file))


def _words(part: str) -> PdfsigWords:
    facts = dict(re.findall(r"^\s+- ([^:\n]+): (.*)$", part, flags=re.MULTILINE))
    return PdfsigWords(
        field=facts.get("Signature Field Name", ""),
        validation=facts.get("Signature Validation", ""),
        trust=facts.get("Certificate Validation", ""),
        whole="- Total document signed" in part,
        words=part.strip(),
    )


def _files(folder: str, *contents: bytes) -> list[str]:
    written = []
    for number, content in enumerate(contents):
        path = Path(folder, f"{number}.bin")
        path.write_bytes(content)
        written.append(str(path))
    return written


def _epoch(at: datetime) -> str:
    return str(int(at.timestamp()))


def _run(program: str, *arguments: str) -> str:
    if shutil.which(program) is None:
        raise Rejected(f"{program} is not installed; `make test` installs it on Debian")
    done = subprocess.run(
        [program, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        errors="replace",
        check=False,
        timeout=60,
        env=os.environ | {"LC_ALL": "C.UTF-8", "TZ": "UTC"},
    )
    if done.returncode != 0:
        raise Rejected(f"{program} {' '.join(arguments)}: exit {done.returncode}\n{done.stdout}")
    return done.stdout
