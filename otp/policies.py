"""What a policy means, in a sentence; and where it is weaker than NIST SP 800-63B-4 asks of out-of-band secrets."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from otp.models import Policy

LONGEST_SECONDS = 600  # section 3.1.3.2: ten minutes
MOST_FAILURES = 100  # section 3.2.2
FEWEST_CHARACTERS = 6  # section 3.1.3.2: six decimal digits


def sentence(policy: Policy) -> str:
    """`Un code de 6 chiffres, par SMS ou e-mail, valable 10 minutes, …`."""
    kind = _("lettres et chiffres") if policy.has_letters else _("chiffres")
    if policy.has_letters and policy.upper_case:
        kind = _("lettres majuscules et chiffres")
    use = _("sert une fois") if policy.single_use else _("sert plusieurs fois")
    minutes = max(1, round(policy.validity_seconds / 60))
    valid = ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    said = _(
        "Un code de %(length)d %(kind)s, par %(way)s, valable %(valid)s, qui %(use)s et que %(tries)d essais faux "
        "annulent ; %(failures)d échecs ferment l’accès ; %(sends)d envois par heure au plus, à %(cool)d s d’écart."
    ) % {
        "length": policy.length,
        "kind": kind,
        "way": str(policy.get_way_display()),
        "valid": valid,
        "use": use,
        "tries": policy.tries,
        "failures": policy.failures_to_lock,
        "sends": policy.sends_per_hour,
        "cool": policy.cooldown_seconds,
    }
    said += _(" SMS vers : %(countries)s.") % {"countries": policy.countries} if policy.countries else ""
    return said + (_(" Qui attend un SMS peut demander un e-mail.") if policy.mails_instead else "")


def warnings(policy: Policy) -> list[str]:
    """Where the standard asks for more, a sentence each; empty for a policy that it would take."""
    found = [
        (policy.length < FEWEST_CHARACTERS, _("Le code est trop court : six caractères au moins (3.1.3.2).")),
        (policy.validity_seconds > LONGEST_SECONDS, _("Le code vit trop longtemps : dix minutes au plus (3.1.3.2).")),
        (not policy.single_use, _("Le code sert plusieurs fois : une seule est admise (3.1.3.2).")),
        (policy.failures_to_lock > MOST_FAILURES, _("Trop d’échecs avant la fermeture : cent au plus (3.2.2).")),
        (policy.tries > policy.failures_to_lock, _("Un seul code permet plus d’essais que ce qui ferme l’accès.")),
        (
            policy.way != Policy.Way.SMS,
            _("Un e-mail n’est pas une voie indépendante : la norme ne l’admet pas pour un code (3.1.3.1)."),
        ),
        (
            policy.mails_instead,
            _("Qui lit la boîte aux lettres du lien peut aussi y recevoir le code, au lieu du SMS (3.1.3.1)."),
        ),
        (
            policy.way != Policy.Way.EMAIL,
            _("Le SMS est d’usage restreint : le risque d’un numéro détourné est à dire au client (3.2.9)."),
        ),
    ]
    return [each for weak, each in found if weak]
