from django import forms

from buurtwerk.accounts.models import User
from buurtwerk.accounts.policy import RIGHTS
from buurtwerk.interface.forms import helper, say_when_empty


def colleagues_of(centre_id):
    """Who could stand at a moment of this centre."""
    return (
        User.objects.filter(
            is_active=True, membership__centre=centre_id, membership__role__in=RIGHTS["presence.tick"].roles
        )
        .distinct()
        .order_by("first_name", "username")
    )


class PostingForm(forms.Form):
    user = forms.ModelChoiceField(
        queryset=User.objects.none(), label="Wie staat erbij?", empty_label="Kies een collega"
    )

    def __init__(self, *args, session, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = colleagues_of(session.centre_id).exclude(postings__session=session)
        say_when_empty(self, user="Kies een collega.")
        self.fields["user"].error_messages["invalid_choice"] = (
            "Kies een collega van dit centrum die er nog niet bij staat."
        )
        self.helper = helper("Zet erbij", ctrl_enter=False)
