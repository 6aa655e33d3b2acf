"""What a policy means, in a sentence; and where it is weaker than NIST SP 800-63B-4 asks of out-of-band secrets."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from otp import numbers
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
    cool = policy.cooldown_seconds
    said = _(
        "Un code de %(length)d %(kind)s, par %(way)s, valable %(valid)s, qui %(use)s et %(tries)s ; %(failures)s ; "
        "%(sends)s, %(apart)s."
    ) % {
        "length": policy.length,
        "kind": kind,
        "way": str(policy.get_way_display()),
        "valid": _lasting(policy.validity_seconds),
        "use": use,
        "tries": _counted(
            ngettext("qu’un essai faux annule", "que %(n)d essais faux annulent", policy.tries), policy.tries
        ),
        "failures": _counted(
            ngettext("%(n)d échec ferme l’accès", "%(n)d échecs ferment l’accès", policy.failures_to_lock),
            policy.failures_to_lock,
        ),
        "sends": _counted(
            ngettext("%(n)d envoi par heure au plus", "%(n)d envois par heure au plus", policy.sends_per_hour),
            policy.sends_per_hour,
        ),
        "apart": _("à %(lasting)s d’écart") % {"lasting": _lasting(cool)} if cool else _("sans délai entre eux"),
    }
    where = ", ".join(numbers.countries(policy.countries))
    said += _(" SMS vers : %(countries)s.") % {"countries": where} if where else ""
    return said + (_(" Qui attend un SMS peut demander un e-mail.") if policy.mails_instead else "")


def _lasting(seconds: int) -> str:
    """In minutes where these are whole: nobody is told of more than there is."""
    minutes, rest = divmod(seconds, 60)
    return f"{seconds}\u00a0s" if rest else _counted(ngettext("%(n)d minute", "%(n)d minutes", minutes), minutes)


def _counted(said: str, n: int) -> str:
    return said % {"n": n}


def warnings(policy: Policy) -> list[str]:
    """Where the standard asks for more, a sentence each; empty for a policy that it would take."""
    found = [
        (policy.length < FEWEST_CHARACTERS, _("Le code est trop court : six caractères au moins (3.1.3.2).")),
        (policy.validity_seconds > LONGEST_SECONDS, _("Le code vit trop longtemps : dix minutes au plus (3.1.3.2).")),
        (not policy.single_use, _("Le code sert plusieurs fois : une seule est admise (3.1.3.2).")),
        (policy.failures_to_lock > MOST_FAILURES, _("Trop d’échecs avant la fermeture : cent au plus (3.2.2).")),
        (policy.tries > policy.failures_to_lock, _("Un seul code permet plus d’essais que ce qui ferme l’accès.")),
        (
            policy.way != Policy.Way.SMS,
            _("Un e-mail n’est pas une voie indépendante : la norme ne l’admet pas pour un code (3.1.3.1)."),
        ),
        (
            policy.mails_instead,
            _("Qui lit la boîte aux lettres du lien peut aussi y recevoir le code, au lieu du SMS (3.1.3.1)."),
        ),
        (
            policy.way != Policy.Way.EMAIL,
            _("Le SMS est d’usage restreint : le risque d’un numéro détourné est à dire au client (3.2.9)."),
        ),
    ]
    return [each for weak, each in found if weak]
