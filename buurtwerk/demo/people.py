"""Who can sign in at the demo centre. Invented, and never made in production."""

from buurtwerk.accounts.models import Membership, Role, User
from buurtwerk.places.models import Centre

PASSWORD = "buurtwerk-demo"
HOOGLAND, KETTELAND, MAARTENSDAL = "buurtcentrum-hoogland", "ketteland", "buurtcentrum-sint-maartensdal"

TEAM = {
    "noor": ("Noor", Role.WORKER, [HOOGLAND, KETTELAND]),
    "sofie": ("Sofie", Role.WORKER, [HOOGLAND]),
    "youssef": ("Youssef", Role.WORKER, [MAARTENSDAL]),
    "els": ("Els", Role.COORDINATOR, [HOOGLAND, KETTELAND, MAARTENSDAL]),
    "rita": ("Rita", Role.RECEPTION, [HOOGLAND]),
    "tom": ("Tom", Role.MONITOR, [KETTELAND]),
    "mia": ("Mia", Role.VOLUNTEER, [HOOGLAND]),
    "lena": ("Lena", Role.READER, [HOOGLAND, MAARTENSDAL]),
    "beheer": ("Beheer", Role.ADMINISTRATOR, [HOOGLAND]),
}


def load_people():
    """Add the colleagues who are missing; leave the others, their password and their roles alone."""
    centres = {centre.slug: centre for centre in Centre.objects.filter(slug__in=[HOOGLAND, KETTELAND, MAARTENSDAL])}
    for username, (name, role, where) in TEAM.items():
        if User.objects.filter(username=username).exists():
            continue
        user = User.objects.create_user(
            username=username, email=f"{username}@voorbeeld.be", password=PASSWORD, first_name=name
        )
        Membership.objects.bulk_create(Membership(user=user, centre=centres[slug], role=role) for slug in where)
