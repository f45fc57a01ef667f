from partners.forms.organisation import OrganisationForm
from partners.forms.search import NeedForm, TeamNeedForm
from partners.forms.service import ServiceForm
from partners.forms.verification import VerificationForm

__all__ = ["NeedForm", "OrganisationForm", "ServiceForm", "TeamNeedForm", "VerificationForm"]
