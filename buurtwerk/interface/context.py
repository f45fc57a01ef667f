from buurtwerk.interface import navigation


def shell(request):
    """The menu, for who is signed in: only the team's shell asks for it, and only then."""

    def menu():
        return navigation.for_user(request.user)

    def menu_here():
        """The entry that this page belongs to."""
        return max(filter(_leads_here, menu()), key=lambda entry: len(entry.url), default=None)

    def _leads_here(entry):
        # Everything of the team lies under /team/, so Vandaag is only itself.
        return request.path == entry.url or (entry.url != "/team/" and request.path.startswith(entry.url))

    return {"menu": menu, "menu_here": menu_here}
