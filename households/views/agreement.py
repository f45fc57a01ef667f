from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.forms import FormDraft
from households.forms.agreement import AgreementForm
from households.models import ContactAgreement
from households.views.page import REREADS, family_to_add_to, record_view


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("families.change")
def agreement(request, code):
    household = family_to_add_to(request, code)
    agreed = ContactAgreement.objects.filter(household=household).first()
    agreed = agreed or ContactAgreement(household=household, centre_id=household.centre_id)
    title = f"Contactafspraak {household.code}"
    draft = FormDraft(request, "contactafspraak", subject=household.code, title=title, rereads=REREADS)
    form = AgreementForm(request.POST or None, instance=agreed, initial=draft.start(AgreementForm))
    if request.method == "POST" and form.is_valid():
        form.save()
        draft.discard()
        messages.success(request, "De contactafspraak is bewaard.")
        return redirect(household)
    if request.method != "POST":
        record_view(request, household)
    context = {"household": household, "form": form, **draft.context}
    return render(request, "households/agreement_edit.html", context)
