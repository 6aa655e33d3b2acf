"""Verifies a container of evidence (.asice) without its maker and without a network: python3 verifier.py FILE.asice

Needs Python's standard library (3.8) and the command `openssl` (3.0). Says of each claim whether it is checked, false or
not checkable here, and why; ends with 0 where nothing is false. It trusts the root inside: compare its fingerprint."""
import base64, calendar, hashlib, json, os, re, subprocess, sys, tempfile, time, zipfile, zlib
from xml.parsers import expat
TEXTS = {}  # in another language than French
MOST_BYTES, MOST_XML, MOST_RATIO, MOST_TAGS, MOST_VALUES, MOST_SPACES, MOST_OF_FIELD = 2 << 30, 64 << 20, 400, 600_000, 1_000_000, 1000, 1 << 16
MOST_DIRECTORY, MOST_DEPTH, MOST_PARTS, MOST_SECONDS = 8 << 20, 99, 99, 5  # seconds of processor, once something is false
DS, XADES, ASIC, DOSSIER = "{http://www.w3.org/2000/09/xmldsig#}", "{http://uri.etsi.org/01903/v1.3.2#}", "{http://uri.etsi.org/02918/v1.2.1#}", "{urn:paraphe:dossier:1.0}"
MANIFESTS, SIGNATURE, TOKEN = ["META-INF/ASiCManifest001.xml", "META-INF/ASiCManifest002.xml"], "META-INF/signature001.p7s", "META-INF/timestamp001.tst"
NEEDED = ["dossier.xml", "dossier.pdf", "journal.jsonl", "pki/root.pem", *MANIFESTS, SIGNATURE, TOKEN]
ALONE = "-no-CApath", "-no-CAstore"  # not what this machine trusts
TOKEN_OID = bytes.fromhex("2a864886f70d010910020e")  # id-smime-aa-timeStampToken (RFC 3161, appendix A)
PLAIN = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"})
QUOTED = str.maketrans({"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#x9;", "\n": "&#xA;", "\r": "&#xD;"})
class Wrong(Exception): """A claim that does not hold, in words."""
def say(text, *values): return TEXTS.get(text, text) % values
def need(holds, text, *values):
    if not holds: raise Wrong(say(text, *values))
def jcs(value): return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()  # RFC 8785
def sha256(content): return hashlib.sha256(content).hexdigest()
def unbase64(text): return base64.b64decode("".join(text.split()))
def shown(at): return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(at))
def plain(text): return "".join(each if each.isprintable() else "?" for each in " ".join(text.split()))  # nothing that moves a cursor
def number(name):  # of the addendum to which a member belongs; 0: of none
    found = re.match(r"addenda/(\d{3,9})[.-]|META-INF/(?:ASiCManifest|signature)(\d{3,9})\.", name)
    return max(0, int(found[1] or int(found[2]) - 100)) if found else 0
class Node:  # an element: what canonicalisation needs of it
    __slots__ = "scope", "attributes", "qname", "children", "name"
    def __init__(self, name, attributes, scope):
        spaces = {key[6:]: value for key, value in attributes.items() if key.split(":")[0] == "xmlns"}
        self.scope = {**scope, **spaces} if spaces else scope  # the very same where nothing is declared: one for many
        self.attributes = {key: value for key, value in attributes.items() if key.split(":")[0] != "xmlns"}
        self.qname, self.children = name, []
        self.name = "{%s}%s" % (self.scope.get(name.rpartition(":")[0], ""), name.rpartition(":")[2])
    @property
    def text(self): return "".join(each for each in self.children if isinstance(each, str))
    def iter(self, name):  # this element and those below it, of this name or of any (None)
        if name in (None, self.name): yield self
        for child in (each for each in self.children if isinstance(each, Node)): yield from child.iter(name)
    def first(self, name): return next(self.iter(name), None) or need(False, "élément absent : %s", name)
    def value(self): return base64.b64decode(self.text) if self.attributes.get("encoding") == "base64" else self.text.encode()
def parse(content):
    need(len(content) <= MOST_XML and content.count(b"<") <= MOST_TAGS and content.count(b"=") <= MOST_VALUES, "XML démesuré")
    parser, stack, declared = expat.ParserCreate(), [Node("", {}, {})], []
    def start(name, attributes):
        declared.extend(key for key in attributes if key.split(":")[0] == "xmlns")
        need(len(declared) <= MOST_SPACES and len(stack) <= MOST_DEPTH, "XML démesuré")
        stack.append(Node(name, attributes, stack[-1].scope))
        stack[-2].children.append(stack[-1])
    parser.buffer_text, parser.StartElementHandler, parser.EndElementHandler = True, start, lambda _name: stack.pop()
    parser.CharacterDataHandler = lambda text: stack[-1].children.append(text)
    parser.StartDoctypeDeclHandler = parser.ProcessingInstructionHandler = lambda *_what: need(False, "DTD ou instruction dans le XML")
    try: parser.Parse(content, True)
    except expat.ExpatError as error: raise Wrong(say("XML mal formé (%s)", error)) from error
    return stack[0].children[0]
def c14n(node, without=None, outer={}):  # Canonical XML 1.1 (inclusive, comments left out) of an element; `without`: one that is left out
    new = {} if node.scope is outer else {prefix: uri for prefix, uri in node.scope.items() if outer.get(prefix, "") != uri}
    keys = [(node.scope[key.split(":")[0]] if ":" in key else "", key.split(":")[-1], key) for key in node.attributes]
    pairs = [("xmlns:" + prefix if prefix else "xmlns", new[prefix]) for prefix in sorted(new)] + [(key, node.attributes[key]) for _, _, key in sorted(keys)]
    head = "<" + node.qname + "".join(' %s="%s"' % (key, value.translate(QUOTED)) for key, value in pairs) + ">"
    body = [each.translate(PLAIN).encode() if isinstance(each, str) else c14n(each, without, node.scope)
            for each in node.children if each is not without]
    return head.encode() + b"".join(body) + ("</%s>" % node.qname).encode()
def element(content, at=0):  # tag, begin, start of content and end of one DER element
    length, start = content[at + 1], at + 2
    if length & 0x80: start, length = start + (length & 0x7F), int.from_bytes(content[start :][: length & 0x7F], "big")
    need(start + length <= len(content), "DER tronqué")
    return content[at], at, start, start + length
def inside(content, of):
    found = [element(content, of[2])] if of[2] < of[3] else []
    while found and found[-1][3] < of[3]: found.append(element(content, found[-1][3]))
    return found
def signer_info(cms):  # signature value and time-stamp token (None where there is none) of the one signer of a CMS (RFC 5652)
    infos = inside(cms, inside(cms, inside(cms, inside(cms, element(cms))[1])[0])[-1])
    need(len(infos) == 1, "plusieurs signataires dans un CMS")
    parts, token = inside(cms, infos[0]), None
    for part in parts:
        for kind, values in (inside(cms, each) for each in inside(cms, part) if part[0] == 0xA1):
            if cms[kind[2] : kind[3]] == TOKEN_OID: token = cms[values[2] : values[3]]
    return next(cms[part[2] : part[3]] for part in parts if part[0] == 0x04), token
def reason(pdf, begin, end):  # /Reason in the dictionary around the gap of a signature: the bytes of its plain letters and digits
    own = pdf[max(0, begin - MOST_OF_FIELD) : begin].rpartition(b" obj")[2] + pdf[end : end + MOST_OF_FIELD].partition(b"endobj")[0]
    found = re.search(rb"/Reason\s*(?:<([\s0-9A-Fa-f]*)>|\(((?:[^\\()]|\\.)*)\))", own, re.S)
    text = found[2] or bytes.fromhex((found[1] or b"").decode()) if found else b""
    return re.sub(rb"\\([0-3][0-7]{2})", lambda octal: bytes([int(octal[1], 8)]), text).replace(b"\0", b"")
def signatures_of(pdf):  # each, in the order of their ends: byte range, end, what gives the octets that it covers, content, reason
    found, last = [], 0
    for match in re.finditer(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]", pdf):
        a, b, c, d = map(int, match.groups())
        need(a == 0 and last < b < c and pdf[b : b + 1] == b"<" and pdf[c - 1 : c] == b">" and len(found) < MOST_PARTS, "ByteRange faux")
        last, content = c, bytes.fromhex(pdf[b + 1 : c - 1].decode("ascii"))  # the gap of each lies behind that of the one before
        told = content[: element(content)[3]], reason(pdf, b, c)
        found.append(("%d %d %d %d" % (a, b, c, d), c + d, lambda b=b, c=c, d=d: pdf[:b] + pdf[c : c + d], *told))
    return need(found, "PDF sans signature") or sorted(found, key=lambda each: each[1])
def inflated(content, most):
    try: return zlib.decompressobj().decompress(content, most)
    except zlib.error: return b""
def ecdsa(raw):  # the two numbers of an XML signature as DER
    parts = (each.lstrip(b"\0") for each in (raw[: len(raw) // 2], raw[len(raw) // 2 :]))
    out = b"".join(bytes([2, len(each)]) + each for each in (b"\0" * (each[:1] >= b"\x80") + each for each in parts))
    return bytes([0x30, len(out)]) + out
class Openssl:  # the command, and the files that it reads, in a folder that goes afterwards
    def __init__(self, folder): self.folder, self.unlisted = folder, set()
    def file(self, content):
        with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as out: out.write(content)
        return out.name
    def run(self, *arguments):
        done = subprocess.run(["openssl", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        return done.returncode == 0, done.stdout.decode("utf-8", "replace").strip()
    def token(self, token, data, trust):  # check a token over data; gives its time, in seconds of the epoch
        given = ["-in", self.file(token), "-token_in"]
        found = re.search(r"Time stamp: (\w+ +\d+ [\d:]+)[.\d]* (\d+) GMT", self.run("ts", "-reply", *given, "-text")[1])
        need(found, "jeton d’horodatage illisible")
        at = calendar.timegm(time.strptime(" ".join(found.groups()), "%b %d %H:%M:%S %Y"))
        given = ["-digest", sha256(data), *given, *trust.timed, "-attime", str(at)]
        need(self.run("ts", "-verify", *given)[0], "jeton d’horodatage faux")
        signer, along = self.file(b""), self.file(b"")
        self.run(*"cms -verify -noverify -inform DER -out".split(), os.devnull, "-in", self.file(token), "-signer", signer, "-certsout", along)
        given = *trust.timed, *ALONE, "-no_check_time", "-crl_check", "-untrusted", along, "-CRLfile", trust.lists, signer
        good, text = self.run("verify", *given)  # the newest list of its authority is asked
        if "unable to get certificate CRL" in text: self.unlisted.add(self.subject(signer))
        else: need(good, "certificat refusé (%s)", text[-120:])
        return at
    def subject(self, file): return self.run("x509", "-in", file, "-noout", "-subject", "-nameopt", "RFC2253,utf8,-esc_msb")[1][8:]
    def signed(self, cms, data, trust, without_token=None):  # check a detached CMS and its certificate at the time of its token
        value, token = signer_info(cms)
        need(token or without_token, "signature sans horodatage")
        at, signer = self.token(token, value, trust) if token else without_token, self.file(b"")
        given = ["-in", self.file(cms), "-content", self.file(data), *trust.known[:2], *ALONE, "-attime", str(at), "-signer", signer]
        good, text = self.run(*"cms -verify -cades -binary -inform DER -purpose any -out".split(), os.devnull, *given)
        need(good, "signature fausse (%s)", text[-120:])
        with open(signer, "rb") as found: certificate = found.read()
        self.chain(certificate, trust, at)
        return at, certificate, value, token
    def chain(self, certificate, trust, at):
        given = *trust.known, *ALONE, trust.depth, "-CRLfile", trust.lists, "-attime", str(at), self.file(certificate)
        good, text = self.run("verify", "-purpose", "any", *given)
        need(good, "certificat refusé (%s)", text[-120:])
class Trust:  # the one root that is shown, for time stamps others besides; certificates below them and revocation lists
    def __init__(self, openssl, members, root, prefix, added="pki/seal"):
        own = openssl.run("x509", "-in", openssl.file(members.get(root, b"")))[1].encode() + b"\n"  # and no second one in its file
        names = sorted(each for each in members if each.startswith(("pki/", added)) and each != root)
        need(len(names) <= MOST_PARTS and sum(len(members[each]) for each in names) <= MOST_XML, "certificats et listes démesurés")
        below = b"\n".join(members[each] for each in names if each.endswith(".pem") and each.startswith(("pki/" + prefix, added))) + b"\n"
        own, timed, below = map(openssl.file, (own, own + members.get("pki/others.pem", b""), below))
        self.known, self.timed = (["-CAfile", each, "-untrusted", below] for each in (own, timed))
        self.root = " ".join(openssl.run(*"x509 -noout -fingerprint -sha256 -in".split(), own)[1].split())
        lists = (openssl.run("crl", "-inform", "DER", "-in", openssl.file(members[each]))[1] for each in names if each.endswith(".crl"))
        self.lists = openssl.file("\n".join(lists).encode())
        self.depth = "-crl_check_all" if members.get(root) == members["pki/root.pem"] else "-crl_check"
class Verifier:
    def __init__(self, path, openssl):
        self.path, self.openssl, self.results, self.members, self.trust = path, openssl, [], {}, None
    def claim(self, check, text, *values):  # hold one claim; whatever a hostile file brings about is said, not shown as a traceback
        try: note, state = check(), "vérifié"
        except Wrong as error: note, state = str(error), "FAUX"
        except Exception as error: note, state = say("illisible (%s)", type(error).__name__), "FAUX"
        self.results.append((state, say(text, *values), note))
    def run(self):
        left = "non vérifiable ici", say("Tout le reste"), say("trop long, et c’est faux déjà")
        for each in self.claims():
            if "FAUX" in (state for state, _, _ in self.results) and sum(os.times()[:4]) > MOST_SECONDS: self.results.append(left); break
            self.claim(*each)
        stamps = [(say("Révocation de l’horodateur %s", each), say("aucune liste de son autorité ici")) for each in sorted(self.openssl.unlisted)]
        later, schema = (say("Addenda plus récents"), say("ôtés de la fin, rien ici ne le dit")), (say("Schéma de dossier.xml"), "xmllint --schema dossier-1.0.xsd")
        if self.results[1:]: self.results += [("non vérifiable ici", *each) for each in (*stamps, later, schema)]
    def claims(self):
        yield self.layout, "Forme de l’archive et de dossier.xml"
        if self.results[-1][0] == "FAUX": return
        yield self.digests, "Empreintes des fichiers du dossier"
        yield self.seal, "Cachet et horodatage de l’archive"
        yield self.xml_seal, "Cachet de dossier.xml"
        yield self.pdf_seal, "Cachet de dossier.pdf, qui contient dossier.xml"
        if "attestation.pdf" in self.members or next(self.dossier.iter(DOSSIER + "Attestation"), None):
            yield self.attested, "Cachet de attestation.pdf, qui dit ce que dit dossier.xml"
        yield self.journal, "Chaîne et valeurs du journal"
        if self.results[-1][0] == "FAUX": return
        yield self.binding, "Lien entre signataire, documents et textes"
        yield self.register, "Registre de la plateforme"
        documents = {each.attributes.get("id"): each for each in self.dossier.iter(DOSSIER + "Document")}
        for each in self.dossier.iter(DOSSIER + "Document"):
            yield lambda each=each: self.presented(each), "Document %s présenté", each.attributes.get("n")
        for each in self.dossier.iter(DOSSIER + "Signature"):
            of = documents.get(each.attributes.get("document"), each)
            yield lambda each=each, of=of: self.signature(each, of), "Signature du document %s", of.attributes.get("n")
        for n in sorted({number(each) for each in self.members} - {0}):
            yield lambda n=n: self.addendum(n), "Addendum %d", n
    def layout(self):
        with open(self.path, "rb") as file:
            need(file.read(38)[30:] == b"mimetype", "mimetype n’est pas en tête")
            file.seek(max(0, file.seek(0, 2) - 42))  # no ZIP64, no comment (APPNOTE 4.3.15, 4.3.16)
            end = re.search(rb"(?<!PK\x06\x07.{16})PK\x05\x06.{8}(.{4}).{4}\0\0\Z", file.read(), re.S)
            need(end and int.from_bytes(end[1], "little") <= MOST_DIRECTORY, "octets d’aucun fichier : %s", "ZIP")
            archive = zipfile.ZipFile(file)
            infos, names = archive.infolist(), archive.namelist()
            need(names[:1] == ["mimetype"] and not infos[0].compress_type, "mimetype n’est pas en tête")
            need(len(set(names)) == len(names), "deux fichiers du même nom")
            need(sum(each.file_size for each in infos) <= MOST_BYTES, "archive démesurée")
            for name, each in zip(names, infos):
                need(name[:1] != "/" and "\\" not in name and ".." not in name.split("/"), "chemin interdit : %s", name)
                need(each.file_size <= MOST_RATIO * each.compress_size + (1 << 20), "compression démesurée : %s", name)
            file.seek(0)
            self.members = {each.filename: self.member(each, file) for each in infos}
            self.made = {name: sha256(content) for name, content in self.members.items()}
            need(archive.start_dir == file.tell() == os.path.getsize(self.path) - 22 - int.from_bytes(end[1], "little"), "octets d’aucun fichier : %s", "ZIP")
        need(set(NEEDED) <= set(names), "il manque %s", ", ".join(sorted(set(NEEDED) - set(names))))
        need(self.members["mimetype"] == b"application/vnd.etsi.asic-e+zip", "ce n’est pas un conteneur ASiC-E")
        self.trust, self.dossier = Trust(self.openssl, self.members, "pki/root.pem", "seal"), parse(self.members["dossier.xml"])
        need(self.dossier.name == DOSSIER + "EvidenceDossier", "ce n’est pas un dossier")
        self.reference, self.signer = self.dossier.first(DOSSIER + "Transaction").attributes["reference"], self.dossier.first(DOSSIER + "Signer").attributes["id"]
        return self.reference
    def member(self, each, file):  # the content of a member that begins here: each octet of the archive belongs to one
        head, stream, at = each.FileHeader(), zlib.decompressobj(-15), file.tell()
        odd = each.extra or each.comment or each.volume or each.internal_attr or each.flag_bits & ~0x800
        need(each.header_offset == at and file.read(len(head)) == head and not odd, "octets d’aucun fichier : %s", each.filename)
        packed = file.read(each.compress_size)
        content = stream.decompress(packed, each.file_size + 1) if each.compress_type else packed
        need(stream.eof == bool(each.compress_type) and not stream.unused_data, "octets d’aucun fichier : %s", each.filename)
        return need((len(content), zlib.crc32(content)) == (each.file_size, each.CRC), "fichier modifié : %s", each.filename) or content
    def listed(self, name):  # what a manifest lists, each digest held against the file
        found = set()
        for each in parse(self.members[name]).iter(ASIC + "DataObjectReference"):
            uri, digest = each.attributes["URI"], unbase64(each.first(DS + "DigestValue").text).hex()
            need(self.made.get(uri) == digest, "fichier modifié : %s" if uri in self.made else "il manque %s", uri)
            found.add(uri)
        return found
    def digests(self):
        known = {*self.listed(MANIFESTS[0]), SIGNATURE, TOKEN, *MANIFESTS}
        need(self.listed(MANIFESTS[1]) == known - {TOKEN, MANIFESTS[1]}, "second manifeste incomplet")
        extra = {each for each in self.members if not number(each)} - known - {"mimetype"}
        need(not extra, "fichier en trop : %s", ", ".join(sorted(extra)))
        return say("%d fichiers", len(known))
    def addendum(self, n):  # its own seal, over all that was there before it
        by, over = "META-INF/ASiCManifest%d.xml" % (100 + n), "META-INF/signature%d.p7s" % (100 + n)
        need({by, over} <= set(self.members), "il manque %s", by)
        content, before = (self.members.get("addenda/%03d.json" % each) for each in (n, n - 1))
        trust = Trust(self.openssl, self.members, "pki/root.pem", "seal", "addenda/%03d." % n)
        at = self.openssl.signed(self.members[over], self.members[by], trust)[0]
        here = {each for each in self.members if number(each) <= n} - {by, over, "mimetype"}
        need(self.listed(by) == here, "manifeste de l’addendum %d incomplet", n)
        said, previous = json.loads(content), sha256(before or self.members["dossier.xml"])
        follows = (said["n"], said["previous"], said["reference"]) == (n, previous, self.reference)
        for one in [*said.get("earlier", ()), said]:
            line, made = json.loads(one["line"]), sha256(b"\0" + one["line"].encode())
            same = one["digest"] == made and line["trail"] == self.entries[0]["trail"] and jcs(line) == one["line"].encode()
            need(follows and same, "l’addendum ne suit pas ce qui le précède")
            for field, salt, value in ((each["field"], each["salt"], each["value"]) for each in one["openings"]):
                need(line["commitments"].get(field) == sha256(bytes.fromhex(salt) + value.encode()), "inscription %d : autre valeur de %s", line["seq"], field)
        for each in said["files"]:
            need(self.made["addenda/%03d-%s" % (n, each["name"])] == each["sha256"], "fichier modifié : %s", each["name"])
        return "%s, %s" % (line["kind"], shown(at))
    def seal(self):
        by = self.openssl.file(self.openssl.signed(self.members[SIGNATURE], self.members[MANIFESTS[0]], self.trust)[1])
        return shown(self.openssl.token(self.members[TOKEN], self.members[MANIFESTS[1]], self.trust)) + ", " + self.openssl.subject(by)
    def xml_seal(self):
        seals = list(self.dossier.iter(DS + "Signature"))
        need(len(seals) == 1 and seals[0] in self.dossier.children, "pas un seul cachet")
        seal, info = seals[0], seals[0].first(DS + "SignedInfo")
        named = [(node.attributes["Id"], node) for node in self.dossier.iter(None) if "Id" in node.attributes]
        ids, targets = dict(named), []
        need(len(ids) == len(named), "deux éléments du même Id")
        need(len(list(info.iter(DS + "Reference"))) < 9, "cachet démesuré")
        for reference in info.iter(DS + "Reference"):
            uri = reference.attributes["URI"]
            target = ids[uri[1:]] if uri else self.dossier
            digest = unbase64(reference.first(DS + "DigestValue").text).hex()
            need(sha256(c14n(target, without=None if uri else seal)) == digest, "contenu modifié : %s", uri or "dossier")
            targets.append(target)
        properties, value = seal.first(XADES + "SignedProperties"), seal.first(DS + "SignatureValue")
        need(self.dossier in targets and properties in targets, "cachet incomplet")
        certificate, raw = unbase64(seal.first(DS + "X509Certificate").text), unbase64(value.text)
        said = unbase64(properties.first(XADES + "CertDigest").first(DS + "DigestValue").text)
        need(said in (hashlib.sha256(certificate).digest(), hashlib.sha512(certificate).digest()), "autre certificat")
        token, run, file = unbase64(seal.first(XADES + "EncapsulatedTimeStamp").text), self.openssl.run, self.openssl.file
        at = self.openssl.token(token, c14n(value), self.trust)
        pem = b"-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(certificate) + b"-----END CERTIFICATE-----\n"
        raw = ecdsa(raw) if "ecdsa" in info.first(DS + "SignatureMethod").attributes["Algorithm"] else raw
        key = file(run("x509", "-in", file(pem), "-noout", "-pubkey")[1].encode())
        need(run("dgst", "-sha256", "-verify", key, "-signature", file(raw), file(c14n(info)))[0], "valeur de signature fausse")
        return self.openssl.chain(pem, self.trust, at) or shown(at)
    def sealed(self, name, most):  # seal and last time stamp of a PDF of the platform; gives its time, and its streams up to a size
        pdf = self.members[name]
        (_, _, data, cms, why), *_, (_, end, over, token, _) = signatures_of(pdf)
        need(self.reference.encode() in why, "/Reason ne nomme pas %s", self.reference)
        at = self.openssl.signed(cms, data(), self.trust)[0]
        need(end == len(pdf), "octets ajoutés à la fin")
        self.openssl.token(token, over(), self.trust)
        return shown(at), (inflated(each[1], most) for each in re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.S))
    def pdf_seal(self):
        at, streams = self.sealed("dossier.pdf", len(self.members["dossier.xml"]) + 1)
        return need(self.members["dossier.xml"] in streams, "il ne contient pas ce dossier.xml") or at
    def attested(self):  # what the signer's sheet says to machines is what dossier.xml says
        at, streams = self.sealed("attestation.pdf", 1 << 20)
        said = json.loads(next(each for each in streams if each.startswith(b'{"attested_at":')))
        told = lambda key, *names: [each.attributes.get(key) for name in names for each in self.dossier.iter(DOSSIER + name)]
        wanted = [told("at", "Attestation"), told("reference", "Transaction"), told("outcome", "Summary"), told("binding", "Summary")]
        wanted += [told("serial", "Certificate"), told("sha256", "Document", "Signed"), [sha256(self.members["dossier.xml"])]]
        found = [[said[each]] for each in ("attested_at", "reference", "outcome", "binding")]
        digests = [each[key] for key in ("sha256", "signed_sha256") for each in said["documents"] if each[key]]
        found += [[each["serial"] for each in [said["certificate"]] if each], digests, [said["dossier"]["xml_sha256"]]]
        names = [self.dossier.first(DOSSIER + each).text for each in ("FirstName", "LastName")]
        return need(found == wanted and names == list(said["signer"].values()), "il dit autre chose que dossier.xml") or at
    def journal(self):
        self.entries, lines, previous, opened = [], [], "0" * 64, {}
        for n, entry in enumerate(self.dossier.iter(DOSSIER + "Entry"), start=1):
            exact = entry.first(DOSSIER + "Line").value()
            said, previous, before = json.loads(exact), sha256(b"\0" + exact), previous
            need(previous == entry.attributes["digest"] and jcs(said) == exact, "inscription %d modifiée", n)
            need(said["previous"] == before and said["seq"] == n, "chaîne rompue à l’inscription %d", n)
            need(all(str(said[key]) == entry.attributes[key] for key in ("seq", "kind", "at", "source")), "attributs faux à l’inscription %d", n)
            for opening in entry.iter(DOSSIER + "Opening"):
                field, made = opening.attributes["field"], bytes.fromhex(opening.attributes["salt"]) + opening.value()
                need(said["commitments"].get(field) == sha256(made), "inscription %d : autre valeur de %s", n, field)
                opened[str(n), field] = None if "encoding" in opening.attributes else opening.text  # None: shown otherwise
            self.entries.append(said)
            lines.append(exact + b"\n")
        journal = self.dossier.first(DOSSIER + "Journal").attributes
        need(journal["head"] == previous and journal["lastSeq"] == str(len(lines)), "la fin du journal manque")
        need(b"".join(lines) == self.members["journal.jsonl"], "journal.jsonl diffère")
        for node, told in ((each, each.attributes) for each in self.dossier.iter(None)):  # each value and instant that names its entry
            same = "salt" not in told or "entry" not in told or opened.get((told["entry"], told["field"]), "") in (None, node.text)
            for key in (each for each in told if each == "at" or each[-2:] == "At" and each != "endedAt"):
                at = told.get(key[:-2] + "Entry") or (told.get("entry") if key in ("at", "readAt", "clickedAt", "declaredAt") else None)
                same = same and (not at or self.entries[int(at) - 1]["at"] == told[key])
            need(same, "%s ne dit pas ce que dit le journal", node.qname)
        return say("%d inscriptions", len(lines))
    def of(self, kind, **wanted):
        return [each for each in self.entries if each["kind"] == kind and wanted.items() <= each["data"].items()]
    def binding(self):
        summary = self.dossier.first(DOSSIER + "Summary").attributes
        said, digits = summary.get("binding"), (summary.get("binding") or "")[:8]
        need(summary.get("digits") in (None, digits), "rompu : %s", "Summary")
        need([each["data"]["reference"] for each in self.of("envelope.created")] == [self.reference], "autre référence")
        for kind in ("path.armed", "sign.clicked", "code.issued", "certificate.requested", "signature.made"):
            for data in (each["data"] for each in self.of(kind, signer=self.signer)):
                need(data.get("binding") in (None, said) and data.get("digits") in (None, digits), "rompu : %s", kind)
        armed, declared = self.of("path.armed", signer=self.signer), self.of("signer.declared", signer=self.signer)
        if armed and declared:
            names = "first_name", "last_name", "email", "mobile"
            signer = {key: value for key, value in declared[-1]["commitments"].items() if key in names}
            tied = {"v": 1, "reference": self.reference, "signer": signer}
            for name, keys in (("documents", ("sha256", "role")), ("consents", ("id", "sha256"))):
                tied[name] = [{key: each[key] for key in keys} for each in armed[-1]["data"][name]]
            need(sha256(jcs(tied)) == said, "ce n’est pas l’empreinte de ce qui est lié")
        return digits
    def register(self):  # RFC 9162, 2.1.3.2; C2SP tlog-proof and signed-note
        note, proof = (self.members["log/" + name].decode() for name in ("checkpoint.txt", "journal.tlog-proof"))
        need(proof.endswith("\n\n" + note), "preuve d’un autre état")
        hashes, (origin, size, root) = proof[: -len(note) - 2].split("\n"), note.split("\n")[:3]
        at, last = int(hashes[1].split(" ")[1]), int(size) - 1
        made = bytes.fromhex(self.dossier.first(DOSSIER + "Journal").attributes["head"])
        need(0 <= at <= last, "inscription hors du registre")
        for each in map(unbase64, hashes[2:]):
            right = at & 1 or at == last
            made = hashlib.sha256(b"\1" + (each + made if right else made + each)).digest()
            while right and not at & 1 and at: at, last = at >> 1, last >> 1
            at, last = at >> 1, last >> 1
        need(last == 0 and made == unbase64(root), "preuve d’inclusion fausse")
        (text, line), file = note.rsplit("\n\n", 1), self.openssl.file
        key, signature = file(self.members["log/key.pem"]), file(unbase64(line.rsplit(" ", 1)[1])[4:])
        given = ["-pubin", "-inkey", key, "-rawin", "-in", file(text.encode() + b"\n"), "-sigfile", signature]
        need(self.openssl.run("pkeyutl", "-verify", *given)[0], "signature du registre fausse")
        return origin + ", " + shown(self.openssl.token(self.members["log/checkpoint.tsr"], note.encode(), self.trust))
    def file(self, digest):
        return next((self.members[name] for name, made in self.made.items() if made == digest), None) or need(False, "aucun fichier de cette empreinte")
    def presented(self, document):
        said, frozen = document.attributes, self.of("document.frozen", document=document.attributes["id"])
        need([each["data"]["sha256"] for each in frozen] == [said["sha256"]], "autre fichier au journal")
        return say("%d octets", len(self.file(said["sha256"])))
    def signature(self, signature, document):
        said, file = signature.attributes, document.first(DOSSIER + "Signed").attributes
        pdf, trust = self.file(file["sha256"]), Trust(self.openssl, self.members, "pki/signer-root.pem", "signer")
        need(self.of("signature.made", document=said["document"], sha256=file["sha256"]), "autre signature au journal")
        need(sha256(pdf[: int(file["prefixLength"])]) == document.attributes["sha256"], "le fichier signé ne commence pas par le fichier présenté")
        found = {each[0]: each for each in signatures_of(pdf)}
        need(file["byteRange"] in found, "signature absente du fichier")
        _, _, data, cms, why = found.pop(file["byteRange"])
        entered = calendar.timegm(time.strptime(said["at"][:19], "%Y-%m-%dT%H:%M:%S"))  # where level B has no token
        at, pem, value, token = self.openssl.signed(cms, data(), trust, entered)
        need(sha256(value) == said["valueSha256"], "autre valeur de signature")
        own, named = sha256(unbase64(pem.decode().split("-----")[2])), self.dossier.first(DOSSIER + "Certificate").attributes["sha256"]
        need(named == own and self.of("certificate.issued", signer=self.signer, sha256=own), "autre certificat au journal")
        tied = (self.reference, said["binding"][:8]) if "binding" in said else ()
        need("-".join(tied) in self.openssl.run("x509", "-in", self.openssl.file(pem), "-noout", "-subject")[1], "le certificat n’est pas lié au dossier")
        need(all(each.encode() in why for each in tied), "/Reason ne nomme pas %s", " ".join(tied))
        need({unbase64(each.text) for each in signature.iter(DOSSIER + "Timestamp")} <= {token, *(each[3] for each in found.values())}, "autre jeton d’horodatage")
        for _, end, over, archive, _ in found.values():
            if end == len(pdf): self.openssl.token(archive, over(), trust)
        return shown(at) + (say(", racine %s", trust.root) if trust.root != self.trust.root else "")
def main(path):
    sys.stdout.reconfigure(errors="replace")
    with tempfile.TemporaryDirectory() as folder:
        verifier = Verifier(path, Openssl(folder))
        verifier.run()
        for state, claim, note in verifier.results: print("%-20s %s" % (say(state), plain(claim + (" : " + note if note else ""))))
        print(say("Racine à comparer : %s", verifier.trust.root if verifier.trust else "?"))
    return 1 if any(state == "FAUX" for state, _, _ in verifier.results) else 0
if __name__ == "__main__": sys.exit(main(sys.argv[1]) if len(sys.argv) == 2 else __doc__)
