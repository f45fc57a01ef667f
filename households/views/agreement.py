from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.models import Draft
from households.forms.agreement import AgreementForm
from households.models import ContactAgreement
from households.views.page import REREADS, family_to_add_to, record_view

DRAFT = "contactafspraak"


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("families.change")
def agreement(request, code):
    household = family_to_add_to(request, code)
    agreed = ContactAgreement.objects.filter(household=household).first()
    agreed = agreed or ContactAgreement(household=household, centre_id=household.centre_id)
    draft = Draft.objects.of(user=request.user, form=DRAFT, subject=household.code)
    form = AgreementForm(request.POST or None, instance=agreed, initial=AgreementForm.typed_before(draft))
    if request.method == "POST" and form.is_valid():
        form.save()
        Draft.objects.discard(user=request.user, form=DRAFT, subject=household.code)
        messages.success(request, "De contactafspraak is bewaard.")
        return redirect(household)
    if request.method != "POST":
        record_view(request, household)
    about_draft = {
        "draft_form": DRAFT,
        "rereads": REREADS,
        "draft_subject": household.code,
        "draft_title": f"Contactafspraak {household.code}",
        "draft_address": request.path,
    }
    return render(request, "households/agreement_edit.html", {"household": household, "form": form, **about_draft})
