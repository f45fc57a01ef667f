from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.postgres.aggregates import JSONBAgg
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import JSONObject

from buurtwerk.accounts.limits import PublicPost
from buurtwerk.accounts.policy import RIGHTS, Role
from buurtwerk.accounts.secure_links import SecureLink

# Two models of this app live in a file of their own.
__all__ = ["Membership", "PublicPost", "Role", "SecureLink", "User"]


class TeamManager(UserManager):
    def with_roles(self):
        """Users with their roles along, so that signing in and every page cost one query for both."""
        given = JSONBAgg(
            JSONObject(role="membership__role", centre="membership__centre_id"),
            filter=Q(membership__isnull=False),
            default=Value([], models.JSONField()),
        )
        return self.annotate(given_roles=given)


class User(AbstractUser):
    """Someone who works here, paid or not. What they may do follows from their memberships."""

    centres = models.ManyToManyField("places.Centre", through="Membership", related_name="team", verbose_name="centra")
    leaves_on = models.DateField("vertrekt op", null=True, blank=True)

    objects = TeamManager()

    class Meta(AbstractUser.Meta):
        verbose_name = "gebruiker"
        verbose_name_plural = "gebruikers"

    def __str__(self):
        return self.first_name or self.username

    @property
    def roles(self):
        """Pairs of role and centre id."""
        if not hasattr(self, "_roles"):
            if hasattr(self, "given_roles"):
                self._roles = [(given["role"], given["centre"]) for given in self.given_roles]
            else:
                self._roles = list(self.membership_set.values_list("role", "centre_id"))
        return self._roles

    @property
    def centre_ids(self):
        """The centres where this person works, in a fixed order."""
        return sorted({centre for _, centre in self.roles})

    def may(self, right, centre=None):
        """Whether this person has the right, in the given centre (or its id) or in any centre at all."""
        allowed = self.centres_where(right)
        if centre is None:
            return bool(allowed)
        return getattr(centre, "pk", centre) in allowed

    def centres_where(self, right):
        """The ids of the centres where this person has the right."""
        roles = RIGHTS[right].roles
        return sorted({centre for role, centre in self.roles if role in roles})

    def has_role(self, role):
        return any(given == role for given, _ in self.roles)


class Membership(models.Model):
    """Somebody's role in one centre."""

    Role = Role

    user = models.ForeignKey(User, on_delete=models.CASCADE, verbose_name="gebruiker")
    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, verbose_name="centrum")
    role = models.CharField("rol", max_length=20, choices=Role)

    class Meta:
        verbose_name = "rol in een centrum"
        verbose_name_plural = "rollen in een centrum"
        constraints = [
            models.UniqueConstraint(fields=["user", "centre", "role"], name="membership_once"),
            models.CheckConstraint(name="membership_known_role", condition=Q(role__in=Role.values)),
        ]

    def __str__(self):
        return f"{self.user}: {self.get_role_display()}"
