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
        here = (entry for entry in menu() if entry.leads_to(request.path))
        return max(here, key=lambda entry: len(entry.url), default=None)

    return {"menu": menu, "thumb_menu": thumb_menu, "menu_here": menu_here}
