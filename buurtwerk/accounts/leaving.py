"""What keeps a colleague from leaving. Each app registers what would be without anyone."""

_checks = []


def keeps_here(check):
    """Register `check(user, centre_id)`: sentences about what is open, without names. No centre means all of them."""
    _checks.append(check)
    return check


def reasons_to_stay(user, centre_id=None):
    return [reason for check in _checks for reason in check(user, centre_id)]
