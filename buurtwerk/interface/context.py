from buurtwerk.interface import navigation


def shell(request):
    """What the team's shell needs: the menu of who is signed in. Public pages never ask for it."""

    def menu():
        return navigation.for_user(request.user) if request.user.is_authenticated else []

    return {"menu": menu}
