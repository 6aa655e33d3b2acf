"""Contacts on a screen: enough to recognise, not enough to learn."""

LAST_DIGITS = 2


def masked_address(address: str) -> str:
    """`c•••••@exemple.fr`: the first letter of a mailbox and its domain."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}•••••@{domain}"


def masked_number(number: str) -> str:
    """`•• •• •• •• 42`: the last two digits of a telephone number."""
    return f"•• •• •• •• {number[-LAST_DIGITS:]}"
