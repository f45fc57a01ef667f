from buurtwerk.interface import navigation


def shell(request):
    """What the team's shell needs: the menu of who is signed in. Public pages never ask for it."""

    def menu():
        # A request that was refused early (a strange host name) has no user at all.
        user = getattr(request, "user", None)
        return navigation.for_user(user) if user and user.is_authenticated else []

    def menu_here():
        """The entry that this page belongs to."""
        return max(filter(_leads_here, menu()), key=lambda entry: len(entry.url), default=None)

    def _leads_here(entry):
        # Everything of the team lies under /team/, so Vandaag is only itself.
        return request.path == entry.url or (entry.url != "/team/" and request.path.startswith(entry.url))

    return {"menu": menu, "menu_here": menu_here}
