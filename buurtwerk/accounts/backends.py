from allauth.account.auth_backends import AuthenticationBackend

from buurtwerk.accounts.models import User


class TeamBackend(AuthenticationBackend):
    """Sign-in by name or e-mail; the roles come along with the user."""

    def get_user(self, user_id):
        user = User.objects.with_roles().filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user):
        from django.utils import timezone

        gone = user.leaves_on is not None and user.leaves_on < timezone.localdate()
        return super().user_can_authenticate(user) and not gone
