import datetime

from django.db import migrations, models

TEXTS = {
    "fr": """Ces conditions lient la personne qui signe, ou à qui l’on demande de signer, et l’exploitant du service (« nous » dans ce texte), dont le nom est en tête de cette page et dans le dossier de preuve. Le contrat que vous signez vous lie, lui, à l’entreprise qui vous le présente.

## 1. Ce que fait le service

Le service :

- vous présente des documents ;
- enregistre ce qui a été affiché, coché ou refusé, et à quelle heure ;
- envoie un code quand l’entreprise en demande un ;
- signe les documents à votre demande ;
- réunit la preuve de ces étapes dans un dossier scellé.

## 2. La signature

C’est une signature électronique simple au sens du règlement (UE) n° 910/2014, dit eIDAS (article 3, point 10). Elle n’est ni avancée ni qualifiée. Elle ne peut pas être écartée comme preuve au seul motif qu’elle est électronique (article 25). Un juge apprécie ce qu’elle vaut.

Un certificat à votre nom est établi pour cette seule signature. Sa clé ne sert qu’une fois, puis elle est détruite. Le nom qu’il porte est celui que l’entreprise nous a donné : nous ne contrôlons pas de pièce d’identité.

## 3. La lecture

Le service constate que chaque partie de chaque page a été affichée un certain temps, ou que vous avez déclaré l’avoir lue. Il ne dit pas qu’elle a été comprise. Si un point n’est pas clair, posez la question à l’entreprise avant de signer.

## 4. Le code

Quand un code est demandé, il est personnel, valable quelques minutes et lié à ces documents-là. Ne le donnez à personne, même à quelqu’un qui dit appeler de notre part. Envoyé à la même adresse que le lien, il ne constitue pas une voie indépendante : le dossier de preuve le dit.

## 5. Votre liberté

Ouvrir les documents ne vous engage à rien. Vous pouvez refuser tant que vous n’avez pas validé le code ou, si aucun code n’est demandé, tant que vous n’avez pas cliqué sur SIGNER. Après la signature ou le refus, le parcours est clos.

## 6. Ce que vous recevez

Vous recevez les documents signés et le dossier de preuve, à télécharger. Gardez-les : le fichier électronique fait foi, pas son impression.

## 7. Ce qui est enregistré de vous

La page « Vos données » du service en donne la liste et dit combien de temps cela est gardé.

## 8. Ce que nous vous demandons

Le lien que vous avez reçu est pour vous. Ne signez pas à la place d’une autre personne. Si le nom affiché n’est pas le vôtre, refusez ou prévenez l’entreprise.

## 9. Ce qui n’est pas promis

Le service peut s’interrompre. Si une étape ne peut pas être menée comme prévu, votre signature attend ; elle n’est jamais remplacée par une signature plus faible.

## 10. En cas de désaccord

Écrivez d’abord à l’entreprise qui vous a demandé de signer. La dernière page du parcours contient un formulaire pour le faire ; ce que vous écrivez s’ajoute au dossier de preuve. Vous pouvez aussi saisir un juge.

## 11. Quand ces conditions changent

Une version qui a été en vigueur n’est jamais modifiée : un nouveau texte porte un nouveau numéro. La version qui vaut pour vous est celle que montrait la case que vous avez cochée. Le dossier de preuve en donne le numéro, l’empreinte et le texte entier.
""",
    "en": """These terms bind the person who signs, or who is asked to sign, and the operator of the service (“we” in this text), whose name stands at the head of this page and in the evidence file. The contract that you sign binds you to the company that presents it to you.

## 1. What the service does

The service:

- presents documents to you;
- records what was displayed, checked or refused, and at what time;
- sends a code when the company asks for one;
- signs the documents at your request;
- gathers the proof of these steps in a sealed evidence file.

## 2. The signature

It is a simple electronic signature within the meaning of Regulation (EU) No 910/2014, known as eIDAS (Article 3, point 10). It is neither advanced nor qualified. It cannot be rejected as evidence only because it is electronic (Article 25). A judge decides what it is worth.

A certificate in your name is made for this signature alone. Its key is used once, then destroyed. The name in it is the one that the company gave us: we do not check an identity document.

## 3. Reading

The service notes that every part of every page was displayed for a certain time, or that you declared that you read it. It does not say that it was understood. If something is not clear, ask the company before you sign.

## 4. The code

When a code is asked for, it is personal, valid for a few minutes and tied to these very documents. Give it to nobody, not even to somebody who says they call on our behalf. When it is sent to the same address as the link, it is not an independent channel: the evidence file says so.

## 5. Your freedom

Opening the documents commits you to nothing. You may refuse until you have confirmed the code or, where no code is asked for, until you have clicked SIGN. After the signature or the refusal, the path is closed.

## 6. What you receive

You receive the signed documents and the evidence file, to download. Keep them: the electronic file is the original, not a print of it.

## 7. What is recorded about you

The page “Your data” of the service lists it and says how long it is kept.

## 8. What we ask of you

The link that you received is for you. Do not sign in the place of another person. If the name shown is not yours, refuse or tell the company.

## 9. What is not promised

The service may be interrupted. If a step cannot be carried out as intended, your signature waits; it is never replaced by a weaker one.

## 10. If you disagree

Write first to the company that asked you to sign. The last page of the path has a form for it; what you write is added to the evidence file. You may also go to court.

## 11. When these terms change

A version that was in force is never altered: a new text has a new number. The version that holds for you is the one that the box you checked pointed to. The evidence file gives its number, its digest and the whole text.
""",
}
VERSION, FROM = "1", datetime.date(2026, 1, 1)


def write(apps, _editor):
    rows = apps.get_model("clients", "Terms").objects
    for language, text in TEXTS.items():
        rows.create(version=VERSION, language=language, in_force_from=FROM, text=text)


def remove(apps, _editor):
    apps.get_model("clients", "Terms").objects.filter(version=VERSION).delete()


class Migration(migrations.Migration):
    dependencies = [("clients", "0016_terms")]
    operations = [migrations.RunPython(write, remove)]
