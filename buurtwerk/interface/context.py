from buurtwerk.interface import navigation


def shell(request):
    """The menu, for who is signed in: only the team's shell asks for it, and only then."""

    def menu():
        return navigation.for_user(request.user)

    def thumb_menu():
        """The entries of the bottom bar, and those that are left for Meer."""
        entries = menu()
        near = navigation.for_thumb(entries)
        return {"near": near, "rest": [entry for entry in entries if entry not in near]}

    def menu_here():
        """The entry that this page belongs to."""
        return max(filter(_leads_here, menu()), key=lambda entry: len(entry.url), default=None)

    def _leads_here(entry):
        # Everything of the team lies under /team/, so Vandaag is only itself.
        return request.path == entry.url or (entry.url != "/team/" and request.path.startswith(entry.url))

    return {"menu": menu, "thumb_menu": thumb_menu, "menu_here": menu_here}
