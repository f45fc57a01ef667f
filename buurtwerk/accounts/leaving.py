"""What keeps a colleague from leaving, and what happens when they go. Each app registers its own part."""

_checks, _goodbyes = [], []


def keeps_here(check):
    """Register `check(user, centre_id)`: sentences about what is open, without names. No centre means all of them."""
    _checks.append(check)
    return check


def lets_go(goodbye):
    """Register `goodbye(user, centre_id)`: gives back what this colleague was asked. No centre means all of them."""
    _goodbyes.append(goodbye)
    return goodbye


def reasons_to_stay(user, centre_id=None):
    return [reason for check in _checks for reason in check(user, centre_id)]


def say_goodbye(user, centre_id=None):
    """Call it in the transaction in which the account or the role ends."""
    for goodbye in _goodbyes:
        goodbye(user, centre_id)
