"""The sandbox's own PDFs: a contract and general conditions, typeset here so that a newcomer has something to sign."""

from html import escape
from pathlib import Path

ARTICLES = (
    (
        "Objet",
        "Le bailleur donne en location au locataire, qui l’accepte, un box de stockage fermé, destiné à l’entreposage de biens meubles, à l’exclusion de toute activité commerciale, artisanale ou d’habitation. Le box est livré vide, propre et en bon état de fermeture.",
    ),
    (
        "Durée",
        "Le contrat est conclu pour une durée d’un an à compter de sa signature. Il se renouvelle ensuite de mois en mois, sauf congé donné par l’une des parties un mois avant le terme.",
    ),
    (
        "Loyer",
        "Le loyer mensuel est de quatre-vingt-dix euros, toutes taxes comprises. Il est payé d’avance, le premier jour ouvré de chaque mois, par prélèvement.",
    ),
    (
        "Dépôt de garantie",
        "Le locataire verse à la signature un dépôt égal à un mois de loyer. Il lui est rendu dans les trente jours qui suivent la restitution du box, déduction faite des sommes dues.",
    ),
    (
        "Accès",
        "Le locataire accède au box tous les jours de six heures à vingt-deux heures au moyen d’un code personnel. Il ne confie ce code à personne d’autre qu’à ses préposés.",
    ),
    (
        "Entretien",
        "Le locataire tient le box propre et signale sans délai tout désordre. Le bailleur assure la clôture, l’éclairage et la surveillance du site.",
    ),
    (
        "Assurance",
        "Le locataire assure les biens entreposés contre l’incendie, le dégât des eaux et le vol. Il en justifie à la première demande du bailleur.",
    ),
    (
        "Résiliation",
        "À défaut de paiement d’un seul terme à son échéance, et un mois après une mise en demeure restée sans effet, le contrat est résilié de plein droit. Les biens sont alors tenus à la disposition du locataire pendant soixante jours.",
    ),
    (
        "Données personnelles",
        "Le bailleur traite les données du locataire pour l’exécution du contrat. Il les conserve pendant sa durée, puis cinq ans. Le locataire dispose d’un droit d’accès, de rectification et d’effacement, qu’il exerce auprès de l’agence.",
    ),
    (
        "Droit applicable",
        "Le contrat est soumis au droit français. À défaut d’accord amiable, le litige est porté devant le tribunal du lieu où demeure le locataire.",
    ),
)
STYLE = """
@page { size: A4; margin: 26mm 24mm 24mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt "DejaVu Sans" } }
body { font: 10.5pt/1.5 "DejaVu Serif", "DejaVu Sans"; color: #111 }
h1 { font: bold 17pt "DejaVu Sans"; margin: 0 0 2mm } .sub { margin: 0 0 10mm }
h2 { font: bold 11pt "DejaVu Sans"; margin: 7mm 0 1.5mm; break-after: avoid }
p { margin: 0 0 2mm; text-align: justify } .parties { margin-bottom: 8mm }
"""


def contract(target: Path) -> None:
    """Write the sample contract, two pages of A4, to `target`."""
    intro = (
        "<h1>Contrat de location</h1><p class='sub'>Box de stockage n° 214</p><div class='parties'>"
        "<p><b>Entre les soussignés :</b></p><p>Exemple SA, société anonyme au capital de 500 000 euros, dont le siège est "
        "12 rue des Chantiers, 44000 Nantes, représentée par Madame Julie Perrin, directrice d’agence, ci-après le bailleur,</p>"
        "<p>et Camille Martin, ci-après le locataire.</p></div>"
    )
    _write(target, "Contrat de location", intro + _articles(ARTICLES) + "<p>Fait à Nantes, par voie électronique.</p>")


def conditions(target: Path) -> None:
    """Write the sample general conditions, one page of A4, to `target`."""
    _write(
        target,
        "Conditions générales d’utilisation",
        "<h1>Conditions générales d’utilisation</h1>" + _articles(ARTICLES[4:8]),
    )


def _articles(articles: tuple[tuple[str, str], ...]) -> str:
    numbered = enumerate(articles, start=1)
    return "".join(f"<h2>Article {n} – {escape(title)}</h2><p>{escape(text)}</p>" for n, (title, text) in numbered)


def _write(target: Path, title: str, body: str) -> None:
    # Importing WeasyPrint takes a third of a second; only the sandbox command pays it.
    from weasyprint import CSS, HTML  # noqa: PLC0415

    page = f"<html lang='fr'><head><title>{escape(title)}</title></head><body>{body}</body></html>"
    HTML(string=page).write_pdf(target, stylesheets=[CSS(string=STYLE)])
